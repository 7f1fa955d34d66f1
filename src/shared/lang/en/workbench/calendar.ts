import type { calendarWords as zh } from '../../zh-CN/workbench/calendar'

export const calendarWords: typeof zh = {
  calendar: {
    title: 'Working days',
    failed: 'The calendar cannot be read just now',
    missing:
      'No holidays for {years}: dates that reach into it are counted Monday to Friday and may be wrong. Load them as soon as they are announced.',
    load: 'Load a year',
    year: '{year}',
    holidays: '{count} days off',
    workdays: '{count} make-up days',
    loaded: 'Version {version}, loaded by {name}, {time}',
    shipped: 'Came with the product; check it once against the official notice',
    saved: '{year} loaded',
    year_label: 'Year',
    year_wrong: 'Please give a year of four digits',
    file: 'Choose a file (CSV or JSON)',
    text_label: 'Or paste it here',
    text_hint: 'A line a day: 2027-01-01,holiday; worked Saturdays and Sundays: workday',
    source_label: 'Source (name and number of the notice)',
    source_missing: 'Please give the source',
    note: 'Dates that customers were promised stay; later ones are counted anew.',
    save: 'Save',
    problem: {
      empty: 'Please choose a file or paste the days{at}',
      unreadable: 'Cannot be read: {at}',
      year: 'Not a day of this year: {at}',
      weekday: 'Neither Saturday nor Sunday, so no make-up day: {at}',
      twice: 'Stands there twice: {at}',
      few: 'Only {at} days off, fewer than the law gives: please check',
      many: '{at} days are too many: please check',
    },
  },
}
