-- Somebody answers a customer while WeCom waits for 24 hours (compliance S6, T-06): named when the plan is submitted, and
-- another one when that person leaves. From the approval to the takeover what was promised stands with them.
alter table plan add column duty_id text references member;
create index plan_duty on plan (duty_id) where duty_id is not null;
