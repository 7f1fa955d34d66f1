-- A customer who wants somebody else is passed on by the colleague who serves them now: one more handover, from a member who
-- is still here. null: from the leaver of the departure.
alter table handover add column from_id text references member;
alter table handover drop constraint handover_departure_id_customer_id_key;
create unique index handover_once on handover (departure_id, customer_id) where from_id is null;
create index handover_from on handover (from_id) where from_id is not null;

-- An objection is a task with a day. `wecom`: not written on the page, but the customer refused the colleague in WeCom; then
-- there is no second try, only another way to be served (compliance 5.1).
alter table objection
  add column origin text not null default 'page' check (origin in ('page', 'wecom')),
  add column about text check (about in ('manner', 'skill', 'time', 'other')),
  add column due date,
  add column due_at timestamptz,
  add column calendar text not null default '',
  add column outcome text check (outcome in ('passed_on', 'kept', 'other_path')),
  add column answer text,
  add column step text not null default '', -- which message to who manages went out last
  add column told_at timestamptz; -- the customer opened the page that says the outcome (E4)
update objection set due_at = at + interval '2 days', due = (at + interval '2 days')::date;
create index objection_due on objection (due_at) where handled_at is null;
