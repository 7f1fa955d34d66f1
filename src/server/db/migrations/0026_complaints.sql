-- A complaint from page to result (compliance 5.5). Days are days of Beijing; `calendar` names the versions they were counted
-- with, version 0 a year that was not loaded. `next_by` is the day by which the next thing is due, and orders the queue.
alter table complaint
  add column channel text not null default 'page' check (channel in ('page', 'mail', 'phone', 'chat', 'letter')),
  add column language text not null default 'zh-CN' check (language in ('zh-CN', 'en')),
  add column link_key text not null default gen_random_uuid()::text, -- with SECRET it makes the link; a new one ends the old
  add column follows text,     -- number of the closed one that the customer wrote about again
  add column kind text,
  add column severity text,
  add column owner_id text references member,
  add column about_id text references member,
  add column past_owners text[] not null default '{}', -- who had it in earlier rounds
  add column round integer not null default 1,
  add column calendar text,    -- null: from before there was one; the job counts
  add column acknowledge_by date,
  add column respond_by date,
  add column decide_by date,
  add column stop_by date,
  add column answer_by date,
  add column inform_by date,
  add column next_by date,
  add column acknowledged_at timestamptz,
  add column responded_at timestamptz,
  add column asked_at timestamptz,
  add column decided_at timestamptz,
  add column informed_at timestamptz,
  add column informed_by text,
  add column told_of_at timestamptz, -- when compliance was told that it waits
  add column closed_at timestamptz;
alter table complaint add constraint complaint_not_own check (owner_id is distinct from about_id or owner_id is null);
create index complaint_queue on complaint (next_by, number) where state not in ('result_informed', 'closed');
create index complaint_owner on complaint (owner_id) where state <> 'closed';

-- What happened, in order. Goes with its complaint; the audit log keeps that it happened.
create table complaint_event (
  number text not null references complaint on delete cascade,
  seq integer not null,
  at timestamptz not null,
  actor text not null, -- a member's id, customer, system
  what text not null,
  from_state text,
  to_state text,
  words text, -- F6
  primary key (number, seq)
);

create table complaint_decision (
  number text not null references complaint on delete cascade,
  seq integer not null,
  round integer not null,
  outcome text not null check (outcome in ('upheld', 'partly', 'not_upheld', 'answered')),
  against_staff boolean not null,
  summary text not null check (length(summary) > 0),
  reasons text not null check (length(reasons) > 0),
  decided_by text not null references member,
  decided_at timestamptz not null,
  state text not null check (state in ('proposed', 'standing', 'returned')),
  second_by text references member,
  second_at timestamptz,
  second_words text,
  primary key (number, seq),
  check (second_by is distinct from decided_by), -- four eyes, also here
  check (state <> 'standing' or second_by is not null or not (against_staff and outcome in ('upheld', 'partly')))
);

-- Mail of the complaints' mail box. What is ignored (automatic answers, loops, floods) leaves its id and why, and nothing else.
create table complaint_mail (
  id text primary key,
  number text references complaint on delete cascade,
  direction text not null check (direction in ('in', 'out')),
  kind text not null check (kind in ('complaint', 'material', 'bounce', 'ignored', 'm6', 'ask', 'm7')),
  message_id text not null,
  peer text not null default '', -- the customer's address
  subject text not null default '',
  text text not null default '',
  files jsonb not null default '[]', -- what was attached: names and sizes, not the contents
  state text not null check (state in ('taken', 'queued', 'sending', 'sent', 'failed', 'unknown', 'bounced')),
  detail text,
  tries integer not null default 0,
  next_at timestamptz not null,
  at timestamptz not null,
  settled_at timestamptz,
  unique (direction, message_id)
);
create index complaint_mail_number on complaint_mail (number);
create index complaint_mail_open on complaint_mail (next_at) where state in ('queued', 'sending');

create table mail_box (
  name text primary key,
  uid_validity text not null,
  last_uid bigint not null,
  read_at timestamptz,
  trouble text,
  trouble_since timestamptz
);
