"""The database itself refuses a state that no act leads to."""

from django.db import migrations

GUARD = """
create function instructions_guard_state() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was = new.state then
    return new;
  end if;
  if (was, new.state) not in (
    ('', 'recorded'), ('', 'given'), ('recorded', 'given'), ('recorded', 'void'), ('given', 'void'), ('given', 'handed'),
    ('handed', 'answered'), ('answered', 'handed'), ('answered', 'accepted'), ('accepted', 'closed')
  ) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger instructions_state before insert or update of state on instructions_instruction
  for each row execute function instructions_guard_state();
"""
FREE = """
drop trigger instructions_state on instructions_instruction;
drop function instructions_guard_state();
"""


class Migration(migrations.Migration):
    dependencies = [("instructions", "0001_tables")]
    operations = [migrations.RunSQL(GUARD, FREE)]
