import { readFileSync } from 'node:fs'
import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import ts from 'typescript-eslint'
import parser from 'vue-eslint-parser'
import typedComponents from './tests/house/typed-components.mjs'

// What a reader of this house may rely on. Only rules that find faults or keep a promise of the design; layout is Prettier's.

const restricted = (...pairs) => ['error', ...pairs.map(([selector, message]) => ({ selector, message }))]

const SLOW = [
  ["CallExpression[callee.property.name='localeCompare']", 'Costs a slow phone 50 ms; see inOrder in lib/when.ts.'],
]

const CLOCK = [
  [
    "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    'Time comes from Deps.now, so that tests can hold it.',
  ],
  ["NewExpression[callee.name='Date'][arguments.length=0]", 'Time comes from Deps.now, so that tests can hold it.'],
  [
    "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    'Chance comes from Deps.id, so that tests can hold it.',
  ],
]
const ENV = [
  ["MemberExpression[object.name='process'][property.name='env']", 'Only main.ts knows the environment (DESIGN 5).'],
]
const HTML = [
  [
    'AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]',
    'Names, remarks and answers are untrusted: text only (DESIGN 4, point 9).',
  ],
  [
    "CallExpression[callee.property.name='insertAdjacentHTML']",
    'Names, remarks and answers are untrusted: text only (DESIGN 4, point 9).',
  ],
]

const UNSAFE = Object.fromEntries(
  ['argument', 'assignment', 'call', 'member-access', 'return'].map((what) => [
    `@typescript-eslint/no-unsafe-${what}`,
    'off',
  ]),
)
/** The rules that need types are written down once, for oxlint. */
const TYPED = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(new URL('.oxlintrc.json', import.meta.url), 'utf8')).rules).map(
    ([rule, level]) => [rule.replace(/^typescript/, '@typescript-eslint'), level],
  ),
)
const GLOBALS =
  'process console URL setTimeout clearTimeout performance Buffer module require document window location navigator fetch'.split(
    ' ',
  )

export default defineConfig(
  globalIgnores(['dist/', '.data/']),
  js.configs.recommended,
  {
    files: ['**/*.{ts,vue}'],
    extends: [ts.configs.recommended],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Control characters in a pattern are what untrusted input is searched for.
      'no-control-regex': 'off',
      // TypeScript knows what exists, and says it better.
      'no-undef': 'off',
    },
  },
  {
    // What needs types: here for components, which oxlint cannot read; in .ts files it says the same ten times as fast.
    files: ['**/*.vue'],
    extends: [ts.configs.base],
    languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.vue'] } },
    // Through a .vue import TypeScript sees nothing here; vue-tsc does, and it runs beside this.
    rules: { ...TYPED, ...UNSAFE },
  },
  {
    files: ['**/*.vue'],
    extends: [vue.configs['flat/recommended']],
    languageOptions: { parser, parserOptions: { parser: typedComponents } },
    rules: {
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-undef-components': ['error', { ignorePatterns: ['^RouterLink$', '^RouterView$', '^Router'] }],
      'vue/no-unused-refs': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,vue}'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': restricted(...HTML) },
  },
  {
    files: ['src/client/**/*.{ts,vue}'],
    rules: { 'no-restricted-syntax': restricted(...HTML, ...SLOW) },
  },
  {
    files: ['src/server/**/*.ts'],
    ignores: [
      'src/server/main.ts',
      'src/server/start.ts',
      'src/server/audit/main.ts',
      'src/server/db/{run-postgres,place,programs}.ts',
    ],
    rules: { 'no-restricted-syntax': restricted(...HTML, ...ENV, ...CLOCK) },
  },
  {
    files: ['src/shared/**/*.ts'],
    rules: { 'no-restricted-syntax': restricted(...ENV, ...CLOCK) },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: Object.fromEntries(GLOBALS.map((name) => [name, 'readonly'])) },
  },
  prettier,
)
