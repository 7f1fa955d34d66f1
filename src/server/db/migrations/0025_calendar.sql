-- Working days are what the State Council says they are, a year at a time. A version is never changed: due dates name the one
-- they were counted with. Days are texts, `2026-10-01`: a day has no clock and no zone.
create table working_calendar (
  year integer not null check (year between 2000 and 2100),
  version integer not null check (version > 0),
  holidays text[] not null,
  workdays text[] not null, -- Saturdays and Sundays that are worked
  source text not null,
  loaded_at timestamptz not null,
  loaded_by text references member, -- null: came with the product
  primary key (year, version)
);
create trigger working_calendar_append_only before update or delete or truncate on working_calendar
  for each statement execute function refuse_change();

insert into working_calendar (year, version, holidays, workdays, source, loaded_at) values
(2025, 1,
 '{2025-01-01,
   2025-01-28,2025-01-29,2025-01-30,2025-01-31,2025-02-01,2025-02-02,2025-02-03,2025-02-04,
   2025-04-04,2025-04-05,2025-04-06,
   2025-05-01,2025-05-02,2025-05-03,2025-05-04,2025-05-05,
   2025-05-31,2025-06-01,2025-06-02,
   2025-10-01,2025-10-02,2025-10-03,2025-10-04,2025-10-05,2025-10-06,2025-10-07,2025-10-08}',
 '{2025-01-26,2025-02-08,2025-04-27,2025-09-28,2025-10-11}',
 '国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）', '2024-11-12T00:00:00+08:00'),
(2026, 1,
 '{2026-01-01,2026-01-02,2026-01-03,
   2026-02-15,2026-02-16,2026-02-17,2026-02-18,2026-02-19,2026-02-20,2026-02-21,2026-02-22,2026-02-23,
   2026-04-04,2026-04-05,2026-04-06,
   2026-05-01,2026-05-02,2026-05-03,2026-05-04,2026-05-05,
   2026-06-19,2026-06-20,2026-06-21,
   2026-09-25,2026-09-26,2026-09-27,
   2026-10-01,2026-10-02,2026-10-03,2026-10-04,2026-10-05,2026-10-06,2026-10-07}',
 '{2026-01-04,2026-02-14,2026-02-28,2026-05-09,2026-09-20,2026-10-10}',
 '国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）；随产品提供，请与公布的通知核对一次', '2025-11-04T00:00:00+08:00');
