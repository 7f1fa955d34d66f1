-- Words: shared/../DESIGN "Words". Times are timestamptz, ids are text (UUIDv7: they sort by time).

create table department (
  id integer primary key,
  name text not null,
  parent_id integer not null,
  leaders text[] not null default '{}'
);

create table member (
  id text primary key,
  userid text not null unique check (userid = lower(userid)), -- WeCom's, case-insensitive there
  name text not null,
  position text not null default '',
  department_ids integer[] not null default '{}',
  status text not null check (status in ('active', 'disabled', 'not_activated', 'left')),
  follows boolean not null default false, -- configured with 客户联系 and in the app's range
  auth_epoch integer not null default 0,  -- raised to end every session (DESIGN 4.5)
  first_seen_at timestamptz not null
);

create table tag (
  id text primary key, -- WeCom's
  group_name text not null,
  name text not null,
  deleted boolean not null default false
);

create table customer (
  id text primary key,
  name text not null default '', -- empty: WeCom no longer lets us read this person
  kind text not null default 'unknown' check (kind in ('wechat', 'wecom', 'unknown')),
  company text,
  title text,
  first_seen_at timestamptz not null
);

-- The only place where WeCom's id of a customer stands.
create table wecom_contact (
  external_userid text primary key,
  customer_id text not null unique references customer
);

create table relation (
  member_id text not null references member,
  customer_id text not null references customer,
  remark text not null default '',
  description text not null default '',
  company text,
  mobiles text[] not null default '{}',
  tag_ids text[] not null default '{}',
  add_way integer not null default 0,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (member_id, customer_id)
);
create index relation_customer on relation (customer_id);

create table group_chat (
  chat_id text primary key, -- WeCom's
  name text not null default '',
  owner_id text references member,
  status integer not null,
  members integer not null default 0
);
create index group_chat_owner on group_chat (owner_id);

create table history (
  id text primary key,
  customer_id text not null references customer,
  at timestamptz not null,
  author_id text references member,
  source text not null check (source in ('mirror', 'wecom', 'member', 'customer', 'system')),
  kind text not null,
  body jsonb not null
);
create index history_customer on history (customer_id, at desc, id desc);

create table promise (
  id text primary key,
  customer_id text not null references customer,
  made_by text not null references member,
  made_at timestamptz not null,
  source text not null check (source in ('description', 'member')),
  text text not null,
  due date,
  kept_at timestamptz,
  kept_by text references member
);
create unique index promise_once on promise (customer_id, made_by, text, coalesce(due, '0001-01-01'));
create index promise_open on promise (customer_id) where kept_at is null;

create table mirror_run (
  id text primary key,
  started_at timestamptz not null,
  ended_at timestamptz,
  step text not null,
  read jsonb not null,
  changes integer not null default 0,
  errcode integer
);

create table departure (
  id text primary key,
  member_id text not null references member,
  left_at timestamptz not null,
  known_by text not null check (known_by in ('unassigned_list', 'event', 'member_list')),
  noticed_at timestamptz not null,
  ended_at timestamptz -- set when the member is hired again
);
create unique index departure_open on departure (member_id) where ended_at is null;

create table handover (
  id text primary key,
  departure_id text not null references departure,
  customer_id text not null references customer,
  created_at timestamptz not null,
  unique (departure_id, customer_id)
);
create index handover_customer on handover (customer_id);

create table plan (
  id text primary key,
  departure_id text not null references departure,
  state text not null check (state in ('draft', 'pending', 'approved', 'rejected', 'discarded')),
  digest text not null,
  drafted_by text not null references member,
  drafted_at timestamptz not null,
  submitted_at timestamptz,
  decided_by text references member,
  decided_at timestamptz,
  reason text,
  check (decided_by is distinct from drafted_by or state <> 'approved') -- four eyes, also here
);
create index plan_departure on plan (departure_id);
create unique index plan_living on plan (departure_id) where state in ('draft', 'pending', 'rejected');

create table plan_item (
  plan_id text not null references plan,
  handover_id text not null references handover,
  successor_id text not null references member,
  checks text[] not null default '{}',
  primary key (plan_id, handover_id)
);
create index plan_item_handover on plan_item (handover_id);

-- Written down before the call; `written` without an answer is a question to WeCom, never a reason to repeat (DESIGN 4.2).
create table transfer_batch (
  id text primary key,
  plan_id text not null references plan,
  leaver_id text not null references member,
  successor_id text not null references member,
  state text not null check (state in ('written', 'sent', 'answered', 'settled')),
  written_at timestamptz not null,
  sent_at timestamptz,
  answered_at timestamptz,
  errcode integer
);
create index transfer_batch_open on transfer_batch (successor_id) where state <> 'settled';

create table transfer (
  handover_id text primary key references handover,
  state text not null,
  plan_id text references plan,
  successor_id text references member,
  batch_id text references transfer_batch,
  submitted_at timestamptz,
  takeover_at timestamptz,
  settled_at timestamptz,
  asked_at timestamptz, -- when transfer_result was last read for it
  errcode integer
);
create index transfer_successor on transfer (successor_id, state);
create index transfer_batch_id on transfer (batch_id);
create index transfer_open on transfer (state) where state in ('approved', 'submitted', 'waiting');

create table notice (
  handover_id text primary key references handover,
  state text not null,
  prompted_at timestamptz,
  sent_at timestamptz,
  sent_by text references member,
  opened_at timestamptz,
  answered_at timestamptz
);

create table notice_attempt (
  id text primary key,
  handover_id text not null references handover,
  prepared_by text not null references member,
  prepared_at timestamptz not null,
  language text not null check (language in ('zh-CN', 'en')),
  template text not null,       -- id and version
  text text not null,           -- as sent, the link's token replaced by …
  text_sha256 text not null,    -- of what was really sent
  token_hash text not null unique,
  outcome text not null check (outcome in ('prepared', 'sent', 'cancelled', 'failed', 'replaced')),
  form text check (form in ('text', 'card')),
  outcome_at timestamptz,
  detail text
);
create index notice_attempt_handover on notice_attempt (handover_id);

create table objection (
  id text primary key,
  handover_id text not null references handover,
  at timestamptz not null,
  text text not null default '', -- F6
  share boolean not null default false,
  handled_at timestamptz,
  handled_by text references member
);
create index objection_open on objection (handover_id) where handled_at is null;

create table complaint (
  number text primary key,
  handover_id text references handover, -- null: the link was not known
  at timestamptz not null,
  text text not null,  -- F6
  contact text,
  state text not null default 'received'
);

create table day_counter (
  day date primary key,
  last integer not null
);

-- What successors are told by application message; one row per message, written with the change it tells of.
create table letter_to_member (
  id text primary key,
  member_id text not null references member,
  kind text not null,
  subject text not null,
  params jsonb not null,
  written_at timestamptz not null,
  sent_at timestamptz,
  errcode integer,
  unique (member_id, kind, subject)
);
create index letter_to_member_open on letter_to_member (written_at) where sent_at is null;

create table wecom_event (
  digest text primary key, -- SHA-256 of the decrypted message: WeCom gives events no id (facts 5.1)
  source text not null check (source in ('app', 'contacts')),
  received_at timestamptz not null,
  event text not null,
  change text not null default '',
  body jsonb not null,
  handled_at timestamptz
);
create index wecom_event_open on wecom_event (received_at) where handled_at is null;

create table session (
  id_hash text primary key,
  member_id text not null references member,
  epoch integer not null,
  created_at timestamptz not null,
  seen_at timestamptz not null
);
create index session_member on session (member_id);

create table audit (
  seq bigint primary key,
  at timestamptz(3) not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null,
  prev_hash text not null,
  hash text not null
);
create table audit_head (
  one boolean primary key default true check (one),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger history_append_only before update or delete or truncate on history
  for each statement execute function refuse_change();
create trigger audit_append_only before update or delete or truncate on audit
  for each statement execute function refuse_change();
