import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { serverConnection } from '../../src/store/serverConnection.ts';

const directory = mkdtempSync(join(tmpdir(), 'warroom-tls-'));
const file = (name: string) => {
  const path = join(directory, name);
  writeFileSync(path, name);
  return encodeURIComponent(path);
};
const ca = `sslrootcert=${file('ca')}`;
afterAll(() => rmSync(directory, { recursive: true }));

const base = 'postgres://warroom:secret@db.example.org:5433/warroom';
const unverified = { rejectUnauthorized: false };
const byAuthority = { ca: 'ca', checkServerIdentity: expect.any(Function) };

describe('TLS by DATABASE_URL', () => {
  it.each([
    ['sslmode=disable', false],
    ['sslmode=allow', unverified],
    ['sslmode=prefer', unverified],
    ['sslmode=require', unverified],
    ['sslmode=no-verify', unverified],
    [`sslmode=require&${ca}`, byAuthority],
    [`sslmode=prefer&${ca}`, byAuthority],
    [`sslmode=no-verify&${ca}`, unverified],
    [`sslmode=verify-ca&${ca}`, byAuthority],
    ['sslmode=verify-full', {}],
    ['sslmode=verify-full&sslrootcert=system', {}],
    [`sslmode=verify-full&${ca}`, { ca: 'ca' }],
    ['sslmode=require&uselibpqcompat=true', unverified],
    [ca, { ca: 'ca' }],
    ['ssl=true', {}],
    ['ssl=0', false],
    ['ssl=no-verify', unverified],
    [`sslmode=verify-full&sslcert=${file('cert')}&sslkey=${file('key')}`, { cert: 'cert', key: 'key' }],
    ['host=%2Frun%2Fpostgresql&sslmode=require', false],
  ])('%s', (query, ssl) => {
    const connection = serverConnection(`${base}?${query}&application_name=w`);
    expect(connection.ssl).toEqual(ssl);
    const { searchParams, href } = new URL(connection.connectionString ?? '');
    expect([...searchParams.keys()].filter((name) => name !== 'host')).toEqual(['application_name']);
    expect(href).toContain('warroom:secret@db.example.org:5433/warroom');
  });

  it('leaves a URL that says nothing about it as it is', () => {
    const url = `${base}?options=-c%20geqo%3Doff`;
    expect(serverConnection(url)).toEqual({ connectionString: url });
  });

  it.each([
    ['sslmode=strict', /sslmode must be one of disable, .*verify-full\.$/],
    ['sslmode=verify-ca', /verify-ca needs sslrootcert/],
    ['sslmode=require&sslrootcert=system', /sslrootcert=system needs sslmode=verify-full/],
    ['sslmode=verify-full&sslrootcert=/nowhere', /the file of sslrootcert cannot be read \(ENOENT\)/],
  ])('%s stops the start with one line', (query, message) => {
    const read = () => readConfig({ DATABASE_URL: `${base}?${query}` });
    expect(read).toThrow(message);
    expect(read).not.toThrow(/secret|\n/);
  });
});
