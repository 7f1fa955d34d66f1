-- Who may look at what their own client does (client/debug): given by an administrator to somebody else, for an hour.
create table debug_grant (
  id text primary key,
  member_id text not null references member,
  reason text not null,
  granted_by text not null references member,
  granted_at timestamptz not null,
  until timestamptz not null,
  opened_at timestamptz, -- when it was first used
  ended_at timestamptz,
  ended_by text references member, -- null: nobody, it was over or went with the member
  check (member_id <> granted_by),
  check (until > granted_at and until <= granted_at + interval '1 hour')
);
create unique index debug_grant_open on debug_grant (member_id) where ended_at is null;
