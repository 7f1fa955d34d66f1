-- What an allocation may know of colleagues and customers (compliance 7.2, 7.3), each with its source and date. A field that is
-- not in the list cannot be written: sex, age, family, health and their like are in none. What WeCom has (departments, tags) is
-- not copied here; fact_rule says what it means, and it is read where it stands (db/facts.ts).
create table member_fact (
  member_id text not null references member,
  field text not null check (field in ('region', 'industry', 'language', 'times', 'contacts', 'capacity', 'entity', 'joined',
    'contribution', 'performance', 'cases', 'trained_until', 'leave', 'minors', 'real_name', 'last_login')),
  source text not null check (source in ('csv', 'hand')),
  value jsonb not null,
  written_by text not null references member check (written_by <> member_id), -- nobody writes about themselves
  written_at timestamptz not null,
  primary key (member_id, field, source)
);

create table customer_fact (
  customer_id text not null references customer,
  field text not null check (field in ('region', 'industry', 'language', 'times', 'contact', 'tier', 'entity', 'wants',
    'relatives', 'unscored')),
  source text not null check (source in ('csv', 'hand')),
  value jsonb not null,
  written_by text not null references member,
  written_at timestamptz not null,
  primary key (customer_id, field, source)
);

-- A department, a tag or a whole group of tags means something. `value` null: the tag's own name is the value.
create table fact_rule (
  kind text not null check (kind in ('department', 'tag', 'tag_group')),
  key text not null, -- number of the department, WeCom's id of the tag, name of the group
  field text not null check (field in ('region', 'industry', 'language', 'tier', 'entity')),
  value text,
  set_by text not null references member,
  set_at timestamptz not null,
  primary key (kind, key, field),
  check ((kind = 'tag_group') = (value is null)),
  check (kind = 'department' or field <> 'entity'),
  check (kind <> 'department' or field <> 'tier')
);
