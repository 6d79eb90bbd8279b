"""The database itself refuses a state that no move leads to."""

from django.db import migrations

GUARD = """
create function cases_guard_state() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.state = old.state then
    return new;
  end if;
  if not exists (select 1 from cases_allowedmove
                 where after = new.state and before = case when tg_op = 'INSERT' then '' else old.state end) then
    raise exception 'no move leads from "%" to "%"', case when tg_op = 'INSERT' then '' else old.state end, new.state
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger cases_case_state before insert or update of state on cases_case for each row execute function cases_guard_state();
create trigger cases_task_state before insert or update of state on cases_task for each row execute function cases_guard_state();
create function cases_guard_consultation() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was <> new.state and (was, new.state) not in (('', 'called'), ('called', 'held'), ('called', 'void')) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger cases_consultation_state before insert or update of state on cases_consultation
  for each row execute function cases_guard_consultation();
"""
FREE = """
drop trigger cases_consultation_state on cases_consultation;
drop function cases_guard_consultation();
drop trigger cases_case_state on cases_case;
drop trigger cases_task_state on cases_task;
drop function cases_guard_state();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_tables")]
    operations = [migrations.RunSQL(GUARD, FREE)]
