/**
 * Addresses that try to lead off the site after a login, made from their parts: what may stand before the host, the host as
 * it can be written, what may stand behind it, and how all of it can be encoded.
 */
export function evilAddresses(): string[] {
  const before = [
    '//',
    '///',
    '/\\',
    '\\\\',
    '\\/',
    '/\t/',
    '/\n/',
    '/\r\n/',
    '/ /',
    ' //',
    '\t//',
    '/%09/',
    '/%2f',
    '/%5c',
    '//%00',
  ]
  const schemes = [
    'http:',
    'https:',
    'http://',
    'https://',
    'https:/',
    'https:\\\\',
    'HtTpS://',
    'ftp://',
    '//https://',
    'x:',
  ]
  const scripts = [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:x',
    'file:///etc/passwd',
    '\u0001javascript:x',
    'javascript://own.example/%0aalert(1)',
  ]
  const hosts = [
    'evil.example',
    'evil。example',
    'evil%E3%80%82example',
    'ｅｖｉｌ.example',
    'own.example@evil.example',
    'own.example%40evil.example',
    'own.example:x@evil.example',
    '[::1]',
    '2130706433',
    '0x7f.1',
    'evil.example#own.example',
    'evil.example?own.example',
    'own.example.evil.example',
    'xn--evl-fka.example',
    'еvil.example',
  ]
  const onOurPaths = [
    ...['/workbench//evil.example', '/workbench/../..//evil.example', '/workbench\\evil', '/workbench@evil.example'],
    ...[
      '/.evil.example',
      '/workbench?at=/x&to=//evil.example',
      '/workbench?at=//evil.example',
      '/workbench?at=x#//evil',
    ],
    ...[
      '/workbench?at=x\r\nLocation: //evil.example',
      '/workbench?at=x\nset-cookie: a=b',
      '/workbench\r\n',
      '/workbench?at=x\n',
    ],
    ...[
      '/auth/login?to=//evil.example',
      '/auth/callback?code=x',
      '/api/logout',
      '/n/complaint',
      '/assets/x.js',
      '/%77orkbench',
    ],
    ...[
      '/WORKBENCH',
      '/workbench/',
      '/sidebar/',
      '/workbench?AT=x',
      '/workbench?at[]=x',
      '/workbench;x',
      '/workbench?at=x;y',
    ],
    ...[
      '/workbench?at=%',
      '/workbench?at=é',
      '',
      ' ',
      '.',
      '..',
      '/..',
      '/./',
      '?at=x',
      '#x',
      'workbench',
      './workbench',
    ],
  ].filter((path) => path !== '/workbench?at=%')
  const addresses = hosts.flatMap((host) => [...before, ...schemes].map((start) => start + host))
  const encoded = addresses
    .filter((_, n) => n % 5 === 0)
    .flatMap((a) => [
      encodeURIComponent(a),
      encodeURIComponent(encodeURIComponent(a)),
      `/${a}`,
      ` ${a}`,
      `${a}/..`,
      `\u202e${a}`,
      `\ufeff${a}`,
    ])
  return [...new Set([...addresses, ...scripts, ...scripts.map((s) => `/${s}`), ...encoded, ...onOurPaths])]
}
