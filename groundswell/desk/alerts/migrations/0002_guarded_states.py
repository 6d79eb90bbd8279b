"""The database itself refuses a state that no act leads to."""

from django.db import migrations

GUARD = """
create function alerts_guard_state() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was = new.state then
    return new;
  end if;
  if (was, new.state) not in (
    ('', 'open'), ('open', 'accepted'), ('returned', 'accepted'), ('accepted', 'returned'), ('accepted', 'done')
  ) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger alerts_state before insert or update of state on alerts_alert
  for each row execute function alerts_guard_state();
"""
FREE = """
drop trigger alerts_state on alerts_alert;
drop function alerts_guard_state();
"""


class Migration(migrations.Migration):
    replaces = [("alerts", "0001_initial")]
    dependencies = [("alerts", "0001_tables")]
    operations = [migrations.RunSQL(GUARD, FREE)]
