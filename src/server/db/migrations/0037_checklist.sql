-- What people said of the items of a leaving (compliance 5.6): the newest entry of an item counts, none is ever changed. What can be
-- found (customers counted, memos, farewells, the access) is found and stands in no row.
create table checklist_entry (
  id text primary key,
  departure_id text not null references departure on delete cascade,
  item text not null check (item in ('clauses', 'secrecy', 'customers', 'notes', 'farewells', 'devices', 'access', 'refusals',
    'exit_report', 'certificate')),
  event text not null check (event in ('do', 'refuse', 'waive', 'exempt', 'reopen')),
  proof jsonb not null,
  by_id text not null references member,
  at timestamptz not null,
  check (item <> 'access') -- nobody ticks off that an account is shut: the probe finds it
);
create index checklist_entry_departure on checklist_entry (departure_id, item, at desc, id desc);
create function refuse_checklist_change() returns trigger language plpgsql as $$
begin
  raise exception 'an entry of a checklist is never changed';
end $$;
create trigger checklist_entry_kept before update or truncate on checklist_entry
  for each statement execute function refuse_checklist_change();

-- That the handover is done is said by a person, once the access is shut and proven so; nothing else stands in its way.
alter table departure add column handed_over_at timestamptz;
alter table departure add column handed_over_by text references member;
alter table departure add column without_leaver boolean;
alter table departure add column archived_at timestamptz;
alter table departure add column archived_by text references member;
alter table departure add constraint departure_handed_over check (
  (handed_over_at is null) = (handed_over_by is null) and (handed_over_at is null) = (without_leaver is null));
alter table departure add constraint departure_archived check (
  (archived_at is null) = (archived_by is null) and (archived_at is null or handed_over_at is not null));
