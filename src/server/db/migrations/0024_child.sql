-- A child under 14: everything about them is closed without a guardian's consent, and each colleague needs an approval that ends
-- (compliance 2.0; T-66). call_name: how the child is called, and nothing more of a name.
create table child (
  customer_id text primary key references customer,
  call_name text not null,
  marked_by text not null references member,
  marked_at timestamptz(3) not null
);

-- The latest decision about a colleague counts. A refusal has its reasons, in writing.
create table child_access (
  id text primary key,
  customer_id text not null references customer,
  member_id text not null references member,
  granted boolean not null,
  until timestamptz,
  reason text not null,
  decided_by text not null references member,
  decided_at timestamptz(3) not null,
  check (decided_by <> member_id),
  check (granted = (until is not null))
);
create index child_access_customer on child_access (customer_id, member_id, decided_at desc);

-- Old chats that a colleague keeps for whoever serves next (F4): nobody sees them before the customer agrees to that.
create table raw_record (
  id text primary key,
  customer_id text not null references customer,
  author_id text not null references member,
  at timestamptz not null,
  text text not null
);
create index raw_record_customer on raw_record (customer_id, at desc, id desc);

-- What a customer said on the phone or on paper. A yes counts when a second colleague confirms it.
create table consent_spoken (
  id text primary key,
  record_id text not null references consent_record,
  customer_id text not null references customer,
  answer text not null check (answer in ('agree', 'refuse', 'withdraw')),
  channel text not null check (channel in ('phone_call', 'paper')),
  proof text,                -- number of the recording or scan
  text_sha256 text not null, -- of what was read back
  guardian_relation text,
  written_by text not null references member,
  written_at timestamptz(3) not null,
  confirmed_by text references member,
  confirmed_at timestamptz(3),
  check (confirmed_by is distinct from written_by),
  check ((confirmed_by is null) = (confirmed_at is null))
);
create index consent_spoken_record on consent_spoken (record_id, written_at desc);

-- Invalidating a consent takes two persons: one says why, another one decides.
create table consent_doubt (
  id text primary key,
  customer_id text not null references customer,
  purpose text not null,
  record_id text not null references consent_record,
  reason text not null,
  asked_by text not null references member,
  asked_at timestamptz(3) not null,
  decided_by text references member,
  decided_at timestamptz(3),
  upheld boolean,
  check (decided_by is distinct from asked_by),
  check ((decided_by is null) = (decided_at is null) and (decided_by is null) = (upheld is null))
);
create unique index consent_doubt_open on consent_doubt (record_id) where decided_by is null;
