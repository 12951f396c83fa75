import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readConfig, SettingError } from '../src/config.ts';

const seed = Buffer.alloc(32, 7).toString('base64');

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      databaseUrl: null,
      dataDirectory: `${process.cwd()}/.warroom`,
      bootstrapKey: null,
      signingKey: null,
      secretKey: null,
      publicUrl: null,
      mail: null,
      oidc: null,
      logLevel: 'info',
      tokens: null,
      trustedProxies: expect.any(BlockList),
      outboundAllowed: expect.any(BlockList),
      accessLogMonths: 24,
      errorDays: 90,
    });
  });

  it('takes an empty value for an unset one', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', WARROOM_SIGNING_KEY: '' }).databaseUrl).toBeNull();
  });

  it('reads each setting', () => {
    const config = readConfig({
      PORT: '0',
      HOST: '::1',
      DATABASE_URL: 'postgresql://warroom@db:5432/warroom',
      WARROOM_DATA_DIR: '/var/lib/warroom',
      WARROOM_BOOTSTRAP_KEY: 'x'.repeat(32),
      WARROOM_SIGNING_KEY: seed,
      WARROOM_PUBLIC_URL: 'https://Warroom.example:443/',
      WARROOM_SMTP_URL: 'smtps://ada:secret@mail.example',
      WARROOM_MAIL_FROM: 'Warroom <warroom@example.com>',
      WARROOM_OIDC_ISSUER: 'https://login.example/realms/one',
      WARROOM_OIDC_CLIENT_ID: 'warroom',
      WARROOM_OIDC_CLIENT_SECRET: 'secret',
      WARROOM_OIDC_NAME: 'Example',
      WARROOM_LOG_LEVEL: 'WARN',
      WARROOM_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      WARROOM_OUTBOUND_ALLOW: '10.20.0.0/16',
      WARROOM_ACCESS_LOG_MONTHS: '120',
      WARROOM_ERROR_DAYS: '3650',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '::1',
      dataDirectory: '/var/lib/warroom',
      publicUrl: 'https://warroom.example',
      mail: { smtpUrl: 'smtps://ada:secret@mail.example', from: 'Warroom <warroom@example.com>' },
      oidc: {
        issuer: 'https://login.example/realms/one',
        clientId: 'warroom',
        clientSecret: 'secret',
        name: 'Example',
      },
      logLevel: 'warn',
      accessLogMonths: 120,
      errorDays: 3_650,
    });
    expect(config.trustedProxies.check('10.1.2.3')).toBe(true);
    expect(config.outboundAllowed.check('10.20.1.1')).toBe(true);
    expect(config.signingKey?.asymmetricKeyType).toBe('ed25519');
  });

  it('reads whose tokens are taken', () => {
    const config = readConfig({
      WARROOM_JWT_ISSUER: 'https://issuer.example/',
      WARROOM_JWT_JWKS_URL: 'http://[::1]:8080/jwks',
      WARROOM_JWT_AUDIENCE: 'warroom, api://warroom',
      WARROOM_JWT_GROUPS_CLAIM: 'groups',
      WARROOM_JWT_GROUP_ROLES: '/sre=SRE_LEAD, a=b=MEMBER, /sre=far-away:VIEWER',
    });
    expect(config.tokens).toEqual({
      issuer: 'https://issuer.example/',
      jwksUrl: new URL('http://[::1]:8080/jwks'),
      audiences: ['warroom', 'api://warroom'],
      userClaim: 'email',
      groupsClaim: 'groups',
      groupRoles: new Map([
        [
          '/sre',
          new Map([
            ['default', 'SRE_LEAD'],
            ['far-away', 'VIEWER'],
          ]),
        ],
        ['a=b', new Map([['default', 'MEMBER']])],
      ]),
    });
  });

  const issuer = {
    WARROOM_JWT_ISSUER: 'https://issuer.example/',
    WARROOM_JWT_JWKS_URL: 'https://issuer.example/jwks',
    WARROOM_JWT_AUDIENCE: 'warroom',
  };
  it.each<[string, Record<string, string>]>([
    ['WARROOM_JWT_ISSUER', { WARROOM_JWT_ISSUER: '' }],
    ['WARROOM_JWT_JWKS_URL', { WARROOM_JWT_JWKS_URL: '' }],
    ['WARROOM_JWT_AUDIENCE', { WARROOM_JWT_AUDIENCE: '' }],
    ['WARROOM_JWT_JWKS_URL', { WARROOM_JWT_JWKS_URL: 'http://issuer.example/jwks' }],
    ['WARROOM_JWT_JWKS_URL', { WARROOM_JWT_JWKS_URL: 'http://127.0.0.1.example/jwks' }],
    ['WARROOM_JWT_JWKS_URL', { WARROOM_JWT_JWKS_URL: 'file:///etc/jwks' }],
    ['WARROOM_JWT_GROUP_ROLES', { WARROOM_JWT_GROUPS_CLAIM: 'groups' }],
    ['WARROOM_JWT_GROUPS_CLAIM', { WARROOM_JWT_GROUP_ROLES: 'sre=SRE_LEAD' }],
    ['WARROOM_JWT_GROUP_ROLES', { WARROOM_JWT_GROUPS_CLAIM: 'groups', WARROOM_JWT_GROUP_ROLES: 'sre' }],
    ['WARROOM_JWT_GROUP_ROLES', { WARROOM_JWT_GROUPS_CLAIM: 'groups', WARROOM_JWT_GROUP_ROLES: 'sre=' }],
    ['WARROOM_JWT_GROUP_ROLES', { WARROOM_JWT_GROUPS_CLAIM: 'groups', WARROOM_JWT_GROUP_ROLES: '=MEMBER' }],
    ['WARROOM_JWT_GROUP_ROLES', { WARROOM_JWT_GROUPS_CLAIM: 'g', WARROOM_JWT_GROUP_ROLES: 'a=SUPERADMIN' }],
    ['WARROOM_JWT_GROUP_ROLES', { WARROOM_JWT_GROUPS_CLAIM: 'g', WARROOM_JWT_GROUP_ROLES: 'a=:MEMBER' }],
    [
      'WARROOM_JWT_GROUP_ROLES',
      { WARROOM_JWT_GROUPS_CLAIM: 'g', WARROOM_JWT_GROUP_ROLES: 'a=Far Away:MEMBER' },
    ],
  ])('refuses half an issuer, naming %s: %j', (name, change) => {
    expect(() => readConfig({ ...issuer, ...change })).toThrow(name);
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '4000a'],
    ['PORT', '-1'],
    ['PORT', '40.5'],
    ['HOST', 'http://localhost'],
    ['HOST', 'local host'],
    ['DATABASE_URL', 'mysql://localhost/warroom'],
    ['DATABASE_URL', 'localhost:5432'],
    ['WARROOM_BOOTSTRAP_KEY', 'x'.repeat(31)],
    ['WARROOM_BOOTSTRAP_KEY', `${'x'.repeat(32)} y`],
    ['WARROOM_SIGNING_KEY', 'bm90IGEga2V5'],
    ['WARROOM_PUBLIC_URL', 'warroom.example'],
    ['WARROOM_PUBLIC_URL', 'ftp://warroom.example'],
    ['WARROOM_PUBLIC_URL', 'https://warroom.example/app'],
    ['WARROOM_PUBLIC_URL', 'https://user@warroom.example'],
    ['WARROOM_SMTP_URL', 'mail.example:25'],
    ['WARROOM_SMTP_URL', 'https://mail.example'],
    ['WARROOM_OIDC_ISSUER', 'http://login.example'],
    ['WARROOM_OIDC_ISSUER', 'login.example'],
    ['WARROOM_OIDC_ISSUER', 'https://login.example/?tenant=1'],
    ['WARROOM_LOG_LEVEL', 'loud'],
    ['WARROOM_TRUSTED_PROXIES', 'proxy.internal'],
    ['WARROOM_OUTBOUND_ALLOW', '10.0.0.0/33'],
    ['WARROOM_ACCESS_LOG_MONTHS', '0'],
    ['WARROOM_ACCESS_LOG_MONTHS', '121'],
    ['WARROOM_ACCESS_LOG_MONTHS', '1.5'],
    ['WARROOM_ERROR_DAYS', '0'],
    ['WARROOM_ERROR_DAYS', '3651'],
    ['WARROOM_DATADIR', '/tmp'],
  ])('refuses %s=%s in one line that names it', (name, value) => {
    let message = '';
    try {
      readConfig({ [name]: value });
    } catch (error) {
      expect(error).toBeInstanceOf(SettingError);
      message = (error as Error).message;
    }
    expect(message).toContain(name);
    expect(message).not.toContain('\n');
  });

  it.each([
    [{ WARROOM_SMTP_URL: 'smtp://mail.example' }, 'WARROOM_MAIL_FROM'],
    [{ WARROOM_SMTP_URL: 'smtp://mail.example', WARROOM_MAIL_FROM: 'Warroom' }, 'WARROOM_MAIL_FROM'],
    [{ WARROOM_OIDC_ISSUER: 'https://login.example' }, 'WARROOM_OIDC_CLIENT_ID'],
  ])('refuses %j, because %s is wanted with it', (environment, name) => {
    expect(() => readConfig(environment)).toThrow(name);
  });

  it('never quotes a secret', () => {
    const secret = 'super-secret';
    for (const name of ['DATABASE_URL', 'WARROOM_BOOTSTRAP_KEY', 'WARROOM_SIGNING_KEY', 'WARROOM_SMTP_URL']) {
      expect(() => readConfig({ [name]: secret })).toThrow(/^(?!.*super-secret)/s);
    }
  });
});
