"""The database itself refuses a state that no act leads to, a changed version, and a drill that reaches outside."""

from django.db import migrations

GUARD = """
create function plans_guard_response() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if tg_op = 'UPDATE' and new.drill <> old.drill then
    raise exception 'a drill stays a drill' using errcode = 'check_violation';
  end if;
  if was <> new.state and (was, new.state) not in (
    ('', 'asked'), ('asked', 'running'), ('asked', 'refused'), ('asked', 'withdrawn'), ('running', 'ended'), ('ended', 'reviewed')
  ) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  if new.state = 'reviewed' and not new.drill then
    raise exception 'a real response is reviewed with its case' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger plans_response_state before insert or update on plans_response for each row execute function plans_guard_response();

create function plans_guard_step() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was <> new.state and (was, new.state) not in (
    ('', 'todo'), ('todo', 'handed'), ('todo', 'done'), ('todo', 'skipped'), ('handed', 'done'), ('handed', 'todo'),
    ('done', 'todo'), ('skipped', 'todo')
  ) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  if new.task_id is not null and exists (select 1 from plans_response where id = new.response_id and drill) then
    raise exception 'a drill hands nothing out' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger plans_step_state before insert or update on plans_responsestep for each row execute function plans_guard_step();

create function plans_guard_version() returns trigger language plpgsql as $$
begin
  raise exception 'a version of a plan is never changed; make the next one' using errcode = 'check_violation';
end $$;
create trigger plans_version_kept before update of data, number, plan_id on plans_planversion
  for each row execute function plans_guard_version();
"""
FREE = """
drop trigger plans_response_state on plans_response;
drop function plans_guard_response();
drop trigger plans_step_state on plans_responsestep;
drop function plans_guard_step();
drop trigger plans_version_kept on plans_planversion;
drop function plans_guard_version();
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, FREE)]
