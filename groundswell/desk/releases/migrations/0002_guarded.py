"""The database itself refuses a state that no act leads to, a public text without its reviews, and a change to what was written or reviewed."""

from django.db import migrations

GUARD = """
create function releases_guard() returns trigger language plpgsql as $$
declare
  was text := case when tg_op = 'INSERT' then '' else old.state end;
  shown bigint := case when tg_op = 'INSERT' then null else old.public_id end;
  writer bigint;
  needed text;
begin
  if was <> new.state and (was, new.state) not in (
    ('', 'clue'), ('clue', 'draft'), ('clue', 'void'), ('draft', 'review'), ('draft', 'void'), ('draft', 'published'),
    ('review', 'secrecy'), ('review', 'draft'), ('secrecy', 'approval'), ('secrecy', 'draft'), ('approval', 'approved'),
    ('approval', 'draft'), ('approved', 'published'), ('approved', 'draft'), ('published', 'draft'),
    ('published', 'withdrawn'), ('draft', 'withdrawn'), ('review', 'withdrawn'), ('secrecy', 'withdrawn'),
    ('approval', 'withdrawn'), ('approved', 'withdrawn')
  ) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  if new.state = 'void' and new.public_id is not null then
    raise exception 'what is public is withdrawn, not dropped' using errcode = 'check_violation';
  end if;
  if new.public_id is not distinct from shown then
    return new;
  end if;
  if new.public_id is null or was <> 'approved' or new.state <> 'published' then
    raise exception 'what is public changes only by publishing' using errcode = 'check_violation';
  end if;
  select by_id into writer from releases_version where id = new.public_id and release_id = new.id;
  if writer is null or exists (select 1 from releases_check where at_version_id = new.public_id and result = 'back') then
    raise exception 'this text is not of this release, or was sent back' using errcode = 'check_violation';
  end if;
  foreach needed in array array['review', 'secrecy', 'approval'] loop
    if not exists (
      select 1 from releases_check
      where at_version_id = new.public_id and kind = needed and result = 'pass' and by_id <> writer
    ) then
      raise exception 'nothing is published without its %', needed using errcode = 'check_violation';
    end if;
  end loop;
  return new;
end $$;
create trigger releases_state before insert or update on releases_release
  for each row execute function releases_guard();

create function releases_check_guard() returns trigger language plpgsql as $$
begin
  if new.by_id = (select by_id from releases_version where id = new.at_version_id) then
    raise exception 'who writes never reviews the same text' using errcode = 'check_violation';
  end if;
  if new.kind = 'secrecy' and exists (
    select 1 from releases_check where at_version_id = new.at_version_id and kind = 'review' and by_id = new.by_id
  ) then
    raise exception 'the secrecy review is a second person''s' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger releases_two_persons before insert on releases_check
  for each row execute function releases_check_guard();

create function releases_unchanged() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('groundswell.destroying', true) = 'on' then
    return old;  -- the end of the years for which it is kept, confirmed by a person
  end if;
  raise exception 'what was written and reviewed stays as it was' using errcode = 'check_violation';
end $$;
create trigger releases_version_stays before update or delete on releases_version
  for each row execute function releases_unchanged();
create trigger releases_check_stays before update or delete on releases_check
  for each row execute function releases_unchanged();
create trigger releases_public_act_stays before update or delete on releases_publicact
  for each row execute function releases_unchanged();

create function releases_correction_guard() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was <> new.state and (was, new.state) not in (
    ('', 'draft'), ('draft', 'review'), ('review', 'ready'), ('review', 'draft'), ('ready', 'draft'), ('ready', 'sent'),
    ('sent', 'answered'), ('sent', 'closed'), ('answered', 'closed'), ('draft', 'void'), ('review', 'void'), ('ready', 'void')
  ) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger releases_correction_state before insert or update on releases_correctionrequest
  for each row execute function releases_correction_guard();
"""
FREE = """
drop trigger releases_correction_state on releases_correctionrequest;
drop function releases_correction_guard();
drop trigger releases_public_act_stays on releases_publicact;
drop trigger releases_check_stays on releases_check;
drop trigger releases_version_stays on releases_version;
drop function releases_unchanged();
drop trigger releases_two_persons on releases_check;
drop function releases_check_guard();
drop trigger releases_state on releases_release;
drop function releases_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, FREE)]
