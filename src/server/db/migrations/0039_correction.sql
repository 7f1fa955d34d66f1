-- A member reads what is known of them and says what is wrong (PIPL 45, 46; LCL 4). Nobody writes their own facts: whoever keeps
-- them answers, and the answer stays beside what was asked.
create table fact_correction (
  id text primary key,
  member_id text not null references member,
  field text not null,
  said text not null check (btrim(said) <> ''),
  asked_at timestamptz not null,
  answered_by text references member check (answered_by <> member_id),
  answered_at timestamptz,
  changed boolean,
  answer text,
  check ((answered_by is null) = (answered_at is null)),
  check ((answered_by is null) = (answer is null) and (answered_by is null) = (changed is null))
);
create unique index fact_correction_open on fact_correction (member_id, field) where answered_at is null;
