-- What all processes of one installation know together of WeCom: its credentials, its patience, its health.

-- One row per secret and kind (access token, tickets of the page), by a digest of both: the secret itself is not here, and
-- the value is sealed with a key that the database does not have. refused: the errcode of the last refusal, not to be
-- provoked again before quiet_until.
create table wecom_credential (
  key text primary key,
  sealed text,
  use_until timestamptz,
  refused integer,
  quiet_until timestamptz
);

-- One row per API. minute_tat and hour_tat (Unix milliseconds, fractions matter): up to when its allowance is spent ahead.
-- blocked_until: nobody calls before; while it is not null, one call at a time may find out whether it is over (probing).
-- The rest is its health: when it last answered well, when and why it last did not.
create table wecom_api (
  api text primary key,
  minute_tat double precision not null default 0,
  hour_tat double precision not null default 0,
  blocked_until timestamptz,
  probing boolean not null default false,
  answered_at timestamptz,
  failed_at timestamptz,
  why text,
  errcode integer
);
