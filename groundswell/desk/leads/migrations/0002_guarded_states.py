"""The database itself refuses a state that no act leads to; what was destroyed never comes back."""

from django.db import migrations

GUARD = """
create function leads_guard_state() returns trigger language plpgsql as $$
declare was text := case when tg_op = 'INSERT' then '' else old.state end;
begin
  if was = new.state then
    return new;
  end if;
  if (was, new.state) not in (
    ('', 'registered'), ('registered', 'screened'), ('registered', 'aside'), ('screened', 'aside'), ('aside', 'registered'),
    ('screened', 'transferred'), ('transferred', 'receipted'), ('transferred', 'answered'), ('receipted', 'answered'),
    ('answered', 'published'), ('answered', 'closed'), ('published', 'closed'),
    ('aside', 'destroyed'), ('published', 'destroyed'), ('closed', 'destroyed')
  ) then
    raise exception 'no act leads from "%" to "%"', was, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger leads_state before insert or update of state on leads_lead
  for each row execute function leads_guard_state();
create function leads_guard_sealed() returns trigger language plpgsql as $$
begin
  if exists (select 1 from leads_lead where id = new.lead_id and state = 'destroyed') then
    raise exception 'a destroyed lead takes nothing in' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger leads_sealed before insert or update on leads_sealed
  for each row execute function leads_guard_sealed();
"""
FREE = """
drop trigger leads_sealed on leads_sealed;
drop function leads_guard_sealed();
drop trigger leads_state on leads_lead;
drop function leads_guard_state();
"""


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, FREE)]
