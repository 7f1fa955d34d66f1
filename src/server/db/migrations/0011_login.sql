-- A session has a handle that may be shown, its hash may not; and of the device it lives on nothing but the family.
alter table session add column id text not null unique default gen_random_uuid();
alter table session add column device text not null default 'other'
  check (device in ('ios', 'android', 'windows', 'mac', 'other'));

-- An OAuth state works once; rows are kept as long as a state lives.
create table login_state (
  hash text primary key,
  used_at timestamptz not null
);

-- Roles that a person gave to another, beside what the configuration and WeCom's department leaders give.
create table role_grant (
  id text primary key,
  member_id text not null references member,
  role text not null check (role in ('manager', 'compliance', 'hr', 'auditor', 'admin')),
  department_ids integer[], -- what a manager manages; null: all
  reason text not null,
  granted_by text not null references member,
  granted_at timestamptz not null,
  until timestamptz,
  ended_at timestamptz,
  ended_by text references member, -- null: nobody, it ended by itself
  ended_why text check (ended_why in ('ended', 'expired', 'revoked')),
  end_reason text,
  check (member_id <> granted_by), -- nobody gives themselves a role, also here
  check (until is null or until > granted_at),
  check (role <> 'auditor' or (until is not null and until <= granted_at + interval '90 days')),
  check (department_ids is null or (role = 'manager' and cardinality(department_ids) > 0)),
  check ((ended_at is null) = (ended_why is null)),
  check ((ended_why = 'ended') = (ended_by is not null))
);
create unique index role_grant_open on role_grant (member_id, role) where ended_at is null;

-- The access review (T-39): who looked at which right, when, and what they said. Rights that are not grants are named by
-- what gives them: a setting, a department.
create table right_review (
  id text primary key,
  member_id text not null references member,
  role text not null,
  source text not null check (source in ('leader', 'setting', 'grant')),
  place text not null,
  reviewed_by text not null references member,
  reviewed_at timestamptz not null,
  verdict text not null check (verdict in ('confirmed', 'ended')),
  check (member_id <> reviewed_by or verdict = 'ended')
);
create index right_review_of on right_review (member_id, reviewed_at);
create trigger right_review_append_only before update or delete or truncate on right_review
  for each statement execute function refuse_change();
