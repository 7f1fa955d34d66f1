import * as z from 'zod/mini'
import { shortName } from './customer'
import { digestField, done, endpoint, id, instant, nothing, page, pageInput, words } from './endpoint'
import { as, house, personal } from './field'
import {
  customerFieldNames,
  factSources,
  memberFieldNames,
  NAME_MAX,
  type CustomerField,
  type MemberField,
} from './fact'
import { bans } from './factban'
import { abouts, FILE_MAX } from './factfile'

/** Facts as people look at them and write them: by hand, from a file, and what departments and tags mean. */

/** How a fact came here. `text` is written as it can be read again; members by their names. */
const fact = house({
  source: z.enum(factSources),
  text: z.string(),
  at: z.nullable(instant),
  by: z.nullable(z.string()),
})
export type Fact = z.output<typeof fact>

/** The first of each field counts, the others stand behind it. */
export const memberFacts = house({ field: z.enum(memberFieldNames), facts: z.array(fact) })
export type MemberFactsOf = z.output<typeof memberFacts>

const memberLine = house({
  id,
  name: z.string(),
  department: z.nullable(z.string()),
  /** How many fields are known. */
  known: z.number(),
})
const search = { name: z.optional(z.string().check(z.trim(), z.maxLength(60), z.regex(/^[^\u0000]*$/))) }

export const listMemberFacts = endpoint({
  method: 'GET',
  path: '/api/facts/members',
  access: ['manager', 'hr'],
  input: z.object({ ...search, ...pageInput }),
  output: page(memberLine),
})

export const getMemberFacts = endpoint({
  method: 'GET',
  path: '/api/facts/members/:member',
  access: ['manager', 'hr'],
  input: z.object({ member: id }),
  output: house({ member: id, name: z.string(), department: z.nullable(z.string()), fields: z.array(memberFacts) }),
})

/** What somebody writes into a field; null takes what was written by hand away, and what stands behind it counts again. */
const written = z.nullable(words(400))
export const writeMemberFact = endpoint({
  method: 'POST',
  path: '/api/facts/members/:member',
  access: ['manager', 'hr'],
  input: z.object({ member: id, field: z.enum(memberFieldNames), text: written }),
  output: done,
})

/** That something is known, from where and since when; not what. */
const noted = house({
  field: z.enum(customerFieldNames),
  source: z.enum(factSources),
  at: z.nullable(instant),
  by: z.nullable(z.string()),
})

/**
 * What is known of a customer, as far as the stage opens it. The tier stands with region and industry: whoever allocates sees
 * it at every stage (compliance 6.2), and it is the one F3 field of which that is so.
 */
const free = () => z.nullable(as('text', z.string()))
const customerFacts = personal({
  F0: {
    customer: id,
    shortName,
    /** The first of each field counts. */
    noted: z.array(noted),
    region: free(),
    industry: free(),
    tier: z.nullable(z.string()),
  },
  F1: { language: z.nullable(z.string()), times: z.nullable(z.string()), contact: z.nullable(z.string()) },
  F2: {
    entity: free(),
    wants: z.nullable(z.string()),
    relatives: z.nullable(z.string()),
    unscored: z.nullable(z.string()),
  },
})
export type CustomerFactsShown = z.output<typeof customerFacts>

export const listCustomerFacts = endpoint({
  method: 'GET',
  path: '/api/facts/customers',
  access: ['manager'],
  input: z.object({ departure: z.optional(id), ...pageInput }),
  output: page(personal({ F0: { customer: id, shortName, region: free(), industry: free(), known: z.number() } })),
})

export const getCustomerFacts = endpoint({
  method: 'GET',
  path: '/api/facts/customers/:customer',
  access: ['manager'],
  input: z.object({ customer: id }),
  output: customerFacts,
})

export const writeCustomerFact = endpoint({
  method: 'POST',
  path: '/api/facts/customers/:customer',
  access: ['manager'],
  input: z.object({ customer: id, field: z.enum(customerFieldNames), text: written }),
  output: done,
})

/** Colleagues a customer can ask for or be related to, by a part of their name. */
export const findColleagues = endpoint({
  method: 'GET',
  path: '/api/facts/colleagues',
  access: ['manager'],
  input: z.object({ name: words(40) }),
  output: house({
    items: z.array(house({ id, userid: z.string(), name: z.string(), department: z.nullable(z.string()) })),
  }),
})

const file = z.object({
  about: z.enum(abouts),
  text: z.string().check(z.minLength(1), z.maxLength(FILE_MAX), z.regex(/^[^\u0000]*$/)),
})
const anyField = z.enum([...new Set([...memberFieldNames, ...customerFieldNames])] as [
  MemberField | CustomerField,
  ...(MemberField | CustomerField)[],
])
const problems = [
  ...(['empty', 'quote', 'no_key', 'banned', 'column_twice', 'no_column', 'too_many'] as const),
] as const
const cellProblems = ['formula', 'unreadable', 'short', 'key', 'twice', 'unknown', 'own', 'member'] as const

/** What a file would do. Nothing is kept before somebody confirms exactly this. */
export const previewFacts = endpoint({
  method: 'POST',
  path: '/api/facts/files/preview',
  access: ['manager', 'hr'],
  shows: true,
  input: file,
  output: house({
    /** Nothing of it can be taken, and why. */
    refused: z.nullable(house({ problem: z.enum(problems), at: z.string(), ban: z.nullable(z.enum(bans)) })),
    /** SHA-256 of what would be written, of whom, over what stands there now. */
    digest: z.string(),
    lines: z.number(),
    ready: z.number(),
    /** Of each column: new, changed, as it was; `behind`: written, but what somebody wrote by hand still counts. */
    columns: z.array(
      house({ field: anyField, added: z.number(), changed: z.number(), same: z.number(), behind: z.number() }),
    ),
    ignored: z.array(z.string()),
    errors: z.array(house({ line: z.number(), column: z.nullable(z.string()), problem: z.enum(cellProblems) })),
    /** All of them; `errors` has the first hundred. */
    wrong: z.number(),
  }),
})
export type FilePreview = z.output<typeof previewFacts.output>

/** Writes the lines without a mistake, as they were seen in the preview. */
export const importFacts = endpoint({
  method: 'POST',
  path: '/api/facts/files',
  access: ['manager', 'hr'],
  input: z.object({ ...file.shape, digest: digestField }),
  output: house({ rows: z.number(), written: z.number() }),
})

export const ruleKinds = ['department', 'tag', 'tag_group'] as const
export type RuleKind = (typeof ruleKinds)[number]
export const mapped = {
  department: ['region', 'industry', 'language', 'entity'],
  tag: ['region', 'industry', 'language', 'tier'],
  tag_group: ['region', 'industry', 'tier'],
} as const
const mappedField = z.enum(['region', 'industry', 'language', 'tier', 'entity'])
export type MappedField = z.output<typeof mappedField>

/** What departments and tags of WeCom mean, and how many members or customers that reaches now. */
export const getFactRules = endpoint({
  method: 'GET',
  path: '/api/facts/rules',
  access: ['admin', 'manager', 'compliance'],
  input: nothing,
  output: house({
    rules: z.array(
      house({
        kind: z.enum(ruleKinds),
        key: z.string(),
        /** null: it is no longer there in WeCom. */
        name: z.nullable(z.string()),
        field: mappedField,
        /** null: each tag's own name. */
        value: z.nullable(z.string()),
        reach: z.number(),
        by: z.string(),
        at: instant,
      }),
    ),
    departments: z.array(house({ id: z.string(), name: z.string() })),
    tags: z.array(house({ id: z.string(), group: z.string(), name: z.string() })),
    /** Words that compliance has named as standing for what is prohibited. */
    proxies: z.array(z.string()),
  }),
})
export type FactRules = z.output<typeof getFactRules.output>

const ruleKey = { kind: z.enum(ruleKinds), key: words(100), field: mappedField }
export const setFactRule = endpoint({
  method: 'POST',
  path: '/api/facts/rules',
  access: ['admin'],
  fresh: true,
  input: z.object({ ...ruleKey, value: z.nullable(words(NAME_MAX)) }),
  output: done,
})
export const dropFactRule = endpoint({
  method: 'POST',
  path: '/api/facts/rules/drop',
  access: ['admin'],
  fresh: true,
  input: z.object(ruleKey),
  output: done,
})
export const setProxies = endpoint({
  method: 'POST',
  path: '/api/facts/proxies',
  access: ['compliance'],
  fresh: true,
  input: z.object({ words: z.array(words(20)).check(z.maxLength(50)), reason: words(200) }),
  output: done,
})
