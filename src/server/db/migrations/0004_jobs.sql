-- One row per background job: when it is due, who asked for it, and who runs it. Times are the database's, because the app's
-- clock may be a simulated one, and several processes have several clocks.
create table job (
  name text primary key,
  wanted boolean not null default false,    -- somebody asked for a run that has not begun
  due_at timestamptz not null default now(), -- of the next tick
  failures integer not null default 0,      -- in a row
  holder text,                              -- the run under way; it renews held_until
  held_until timestamptz,
  session_pid integer,                      -- the database session of the process that runs it: gone, the run is gone
  session_start timestamptz
);

-- What the queue before this table kept were only wishes to look again.
drop schema if exists pgboss cascade;
