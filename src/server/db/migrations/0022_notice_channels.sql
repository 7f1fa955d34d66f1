-- Which version of the page a customer was told with: what is newer and material is told again (compliance 4.4, 5.2).
alter table notice
  add column page_version integer,
  add column why text,                  -- of unreachable: not_friend, cap, not_sent, refused
  add column state_since timestamptz;
update notice set page_version = 1 where sent_at is not null;
create index notice_told_with on notice (page_version) where page_version is not null;

alter table notice_attempt
  add column page_version integer,
  drop constraint notice_attempt_form_check,
  add constraint notice_attempt_form_check check (form in ('text', 'card', 'mass', 'sms', 'mail', 'phone', 'letter'));

-- A notice that the successor confirms in WeCom's own list of mass messages (facts 8.1); one for each customer, because each
-- has a link of its own. Written down before the call: `calling` without an answer is looked up, never repeated.
create table mass_notice (
  id text primary key,
  handover_id text not null references handover,
  member_id text not null references member,
  language text not null check (language in ('zh-CN', 'en')),
  state text not null check (state in ('asked', 'calling', 'waiting', 'sent', 'not_sent', 'failed')),
  asked_at timestamptz not null,
  attempt_id text references notice_attempt,
  called_at timestamptz,
  msgid text,
  polled_at timestamptz,
  errcode integer,
  settled_at timestamptz
);
create unique index mass_notice_open on mass_notice (handover_id) where state in ('asked', 'calling', 'waiting');
create index mass_notice_work on mass_notice (asked_at) where state in ('asked', 'calling', 'waiting');

-- SMS, mail, phone or letter, by a person: who chose it, who did it, when, and what proves it.
create table notice_other (
  id text primary key,
  handover_id text not null references handover,
  attempt_id text not null references notice_attempt,
  channel text not null check (channel in ('sms', 'mail', 'phone', 'letter')),
  chosen_by text not null references member,
  chosen_at timestamptz not null,
  done_by text references member,
  done_at timestamptz,
  happened_at timestamptz,
  proof text
);
create index notice_other_handover on notice_other (handover_id);

-- PIPL 18: secrecy asked for by a law, or an emergency. Never without a citation, a last day and a second person.
create table notice_waiver (
  id text primary key,
  handover_id text not null references handover,
  kind text not null check (kind in ('secrecy', 'emergency')),
  citation text not null,
  reason text not null,
  until timestamptz not null,
  asked_by text not null references member,
  asked_at timestamptz not null,
  decided_by text references member,
  decided_at timestamptz,
  approved boolean,
  ended_at timestamptz,
  check (decided_by is distinct from asked_by), -- four eyes, also here
  check ((decided_by is null) = (approved is null))
);
create unique index notice_waiver_open on notice_waiver (handover_id) where ended_at is null;
