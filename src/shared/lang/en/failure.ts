import type { FailureCode } from '../../failure'

export const failure: Record<FailureCode, string> = {
  invalid: 'Something is not filled in correctly. Please check: {fields}.',
  signed_out: 'Your login has expired. Please open this page again.',
  login_again: 'This step needs a login of the last {minutes} minutes. Please log in again, then press once more.',
  forbidden: 'Your role does not allow this. If you need it, ask your administrator.',
  cross_site: 'This request did not come from this app and was refused. Please go back to WeCom and try again.',
  not_found: 'Not found, or outside your scope.',
  method_not_allowed: 'This address does not take this kind of request.',
  stale: 'This has just changed. Please refresh and try again.',
  own_plan: 'A plan you submitted, or one that gives you customers, must be decided by another manager.',
  own_pack: 'An evidence pack you asked for is approved by somebody else in compliance.',
  own_departure: 'Your own departure is announced by another manager.',
  already_announced: 'This departure is announced already. Refresh to see it; to change the day, open it.',
  own_request: 'What you asked for must be confirmed by another administrator.',
  already_blocked: 'This member is stopped already, or somebody has asked for it. Please refresh.',
  own_right: 'Your own rights are decided by another administrator.',
  already_granted: 'This member has that role already. To change its end or scope, end the present grant first.',
  until_needed: 'An auditor’s role needs a last day.',
  until_past: 'That last day is over. Choose today or a later day.',
  until_far: 'That last day is too far away. The latest possible is {day}.',
  day_past: 'That last day is over. Choose today or a later day.',
  day_far: 'That last day is more than a year away. Please check the year.',
  plan_empty: 'The plan has no customers or groups yet. Choose customers and successors first.',
  checks_failed:
    '{count} customers or groups did not pass the checks. Change their successor or take them out, then submit.',
  not_notified: 'Tell the customer about the change first; then more opens.',
  not_taken_over: 'WeCom has not completed the takeover yet, so the customer cannot be told.',
  period_short: 'It must be kept at least {min} days (at most {max}); nothing was changed.',
  period_long: 'That is longer than the longest period of {max} days (at least {min}); nothing was changed.',
  opened_enough:
    'You have opened {count} customers in full today and can go on tomorrow; those already opened stay open. If it is urgent, ask your manager.',
  think_twice:
    'It holds {kinds}, which does not belong in a promise. If it is needed, confirm and save; it will be shown masked.',
  reveals_used:
    'Today’s {limit} views of full values are used up; they return at midnight. If it is urgent, ask your manager: an administrator can raise the daily number.',
  export_off: 'Exporting is not open to you now. If you need it, ask compliance.',
  export_own: 'An export is approved by others: not by who asked for it, nor twice by the same person.',
  export_empty: 'There is nothing to export.',
  export_too_many: 'An export has at most {most} rows; these are {rows}. Please ask for less.',
  export_code: 'That is not the download code. Tries left: {left}.',
  export_taking: 'This file is being downloaded. If that broke off, try again in 2 minutes.',
  complaint_step: 'This complaint cannot take that step now. Please refresh to see what comes next.',
  complaint_conflict:
    'Whoever is complained about, their direct lead, and those who handled it before must not handle it. Please give it to somebody else.',
  complaint_not_mine: 'This step is for whoever handles the complaint. If needed, assign it to yourself first.',
  complaint_asked: 'The customer has been asked once in this round already.',
  complaint_second: 'A finding against a colleague is checked by a second person in compliance, not by its author.',
  complaint_told: 'There must be proof that the customer knows the result before it counts as told.',
  calendar_year:
    'The calendar was not saved. Please check “{at}”: a day of {year}, a holiday or a worked Saturday or Sunday, each once.',
  too_large: 'That is too much content. Please shorten it and try again.',
  limited: 'Too many requests. Please try again in {seconds} seconds.',
  internal:
    'Something broke on our side and has been logged. Try again later; if it stays, tell your administrator the number.',
  wecom_unreachable: 'WeCom cannot be reached right now. This continues by itself later.',
  wecom_limited: 'WeCom has limited our calls. It works again in about {minutes} min; please try again then.',
  wecom_permission:
    'The app may not use customer contacts. An administrator must tick it under 客户联系 → API (error {errcode}).',
  wecom_config: 'The WeCom settings are wrong. Ask your administrator to check the app (error {errcode}).',
  wecom_refused: 'WeCom did not accept this (error {errcode}).',
  busy: 'The system is busy. Please try again shortly.',
}
