import type { complaintWords as zh } from '../../zh-CN/workbench/complaint'

export const complaintWords: typeof zh = {
  complaints: {
    title: 'Questions and complaints',
    none: 'No customer has written yet',
    none_cause: 'What customers write on the notice page appears here with a number.',
    failed: 'The complaints cannot be read just now',
    contact: 'Contact',
    no_contact: 'none left',
    about: 'About {name}',
    about_unknown: 'Not known whom it is about',
    number: 'Number {number}',
    private: 'Only compliance can read this; please do not forward the text.',
  },
}
