-- A departure may be announced before it happens: `gone` is false until WeCom says that the member has left. Until then
-- left_at is the announced last day, and customers are handed over on the job.
alter table departure drop constraint departure_known_by_check;
alter table departure add constraint departure_known_by_check
  check (known_by in ('unassigned_list', 'event', 'member_list', 'announced'));
alter table departure
  add column gone boolean not null default true,
  add column announced_by text references member,
  add column announced_at timestamptz;

-- Which of WeCom's two processes a call belongs to; its results are read by the same (facts 4.1).
alter table transfer_batch
  add column flow text not null default 'resigned' check (flow in ('resigned', 'onjob'));

-- A member's own tags: names only, WeCom gives them no id (facts 3.2). Null: never read, because lists omit them.
-- ended_by: who ended the relation, as far as WeCom said.
alter table relation
  add column personal_tags text[],
  add column ended_by text check (ended_by in ('member', 'customer', 'departure', 'transfer', 'unknown'));

-- What became of an event: unknown ones are kept and counted, because WeCom adds new ones.
alter table wecom_event add column outcome text check (outcome in ('done', 'nothing', 'unknown'));
