"""The database itself refuses a state that no act leads to, and any change to what was sent."""

from django.db import migrations

GUARD = """
create function flash_guard_report() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was <> new.state and (was, new.state) not in (('', 'draft'), ('draft', 'sent'), ('draft', 'dropped')) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  if was = 'sent' and (
    (new.ref, new.story_id, new.kind, new.opening_id, new.place, new.corrects_id, new.level, new.title, new.title_en)
      is distinct from (old.ref, old.story_id, old.kind, old.opening_id, old.place, old.corrects_id, old.level, old.title, old.title_en)
    or (new.facts, new.citations, new.figures, new.number, new.total, new.year, new.sent_at, new.sent_by_id, new.frozen, new.frozen_hash)
      is distinct from
      (old.facts, old.citations, old.figures, old.number, old.total, old.year, old.sent_at, old.sent_by_id, old.frozen, old.frozen_hash)
  ) then
    raise exception 'the report % was sent and stays as it is', old.ref using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger flash_report_guard before insert or update on flash_report for each row execute function flash_guard_report();
"""
FREE = """
drop trigger flash_report_guard on flash_report;
drop function flash_guard_report();
"""


class Migration(migrations.Migration):
    dependencies = [("flash", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, FREE)]
