// The arrows of the house (drawn in README.md): client -> shared <- server, mock beside them, tests above.
// Each rule says what is forbidden; tests/house/arrows.test.ts proves on small fixtures that each of them bites.

/** A folder of src/client or src/server that is not a feature: the outside wrapped once, the look, the composing routes. */
const CLIENT_FLOOR = '^src/client/(ui|lib)/'
const CLIENT_FEATURE = '^src/client/(?!ui/|lib/|routes/)([^/]+)/'
const SERVER_FLOOR = '^src/server/(db|wecom|lib)/'
const SERVER_FEATURE = '^src/server/(?!db/|wecom/|lib/)([^/]+)/'

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'no-mock-in-src',
      'No mock byte in the product (DESIGN 4, point 10).',
      { path: '^src/' },
      { path: '^(mock|tests)/' },
    ),
    forbid(
      'no-src-in-mock',
      'A shared schema would let one misreading pass on both sides.',
      { path: '^mock/' },
      { path: '^(src|tests)/' },
    ),
    forbid(
      'client-not-server',
      'Two programs that meet in src/shared only.',
      { path: '^src/client/' },
      { path: '^src/server/' },
    ),
    forbid(
      'server-not-client',
      'Two programs that meet in src/shared only.',
      { path: '^src/server/' },
      { path: '^src/client/' },
    ),
    forbid(
      'shared-is-the-floor',
      'src/shared runs in both programs: it imports itself and zod.',
      { path: '^src/shared/' },
      { pathNot: '^(src/shared/|node_modules/zod/)' },
    ),
    forbid(
      'client-feature-alone',
      'A feature never imports a feature; a route that needs two composes them (src/client/routes).',
      { path: CLIENT_FEATURE },
      { path: '^src/client/', pathNot: ['^src/client/$1/', CLIENT_FLOOR] },
    ),
    forbid(
      'client-floor',
      'ui and lib know no feature and no route.',
      { path: CLIENT_FLOOR },
      { path: '^src/client/', pathNot: CLIENT_FLOOR },
    ),
    forbid(
      'client-lib-not-ui',
      'lib wraps the outside and has no look.',
      { path: '^src/client/lib/' },
      { path: '^src/client/ui/' },
    ),
    forbid(
      'server-feature-alone',
      'A feature never imports a feature, nor what starts it; what two need lives in shared, db or lib.',
      { path: SERVER_FEATURE },
      { path: '^src/server/', pathNot: ['^src/server/$1/', SERVER_FLOOR, '^src/server/deps\\.ts$'] },
    ),
    forbid(
      'server-floor',
      'db, wecom and lib know no feature and no app.',
      { path: SERVER_FLOOR },
      { path: '^src/server/', pathNot: [SERVER_FLOOR, '^src/server/deps\\.ts$'] },
    ),
    forbid(
      'no-start-in-app',
      'main -> start -> app: building the app is not starting it.',
      { path: '^src/server/app\\.ts$' },
      { path: '^src/server/(main|start)\\.ts$' },
    ),
    forbid(
      'outside-wrapped-once',
      'axios and the JS-SDK are wrapped in client/lib; nothing else speaks to them.',
      { path: '^src/client/', pathNot: '^src/client/lib/' },
      { path: '^node_modules/(axios|@wecom/jssdk)/' },
    ),
    forbid(
      'no-node-in-browser',
      'What runs in WeCom and WeChat has no Node.',
      { path: '^src/(client|shared)/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'ships-what-it-imports',
      'A program in production has only the dependencies, not the devDependencies.',
      { path: '^src/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'no-circular',
      'Two files that need each other are one file, or need a third.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'no-orphans',
      'A file nobody imports is dead, unless a tool or a person starts it.',
      { orphan: true, path: '^(src|mock)/', pathNot: ['\\.d\\.ts$', '\\.md$', 'vite\\.config\\.ts$', '\\.mjs$'] },
      {},
    ),
    forbid('resolves', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Read as data, not as code: the build finds them by name.
    exclude: { path: '^dist/|[.](css|sql|svg)$|[.]svg[?]' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'module', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    cache: { folder: 'node_modules/.cache/arrows', strategy: 'content' },
  },
}
