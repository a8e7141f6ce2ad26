import { expect, it } from 'vitest';
import { pastProxies } from './no-proxy.ts';

const HOSTS = ['127.7.8.9', '127.7.8.10'];

it.each<[string, Record<string, string | undefined>, string | undefined]>([
  ['where no proxy is named nothing is added', { PATH: '/bin', no_proxy: 'localhost' }, undefined],
  ['a name without a value names none', { http_proxy: '' }, undefined],
  [
    'hosts are added to those that are excepted',
    { https_proxy: 'http://p:1', NO_PROXY: 'localhost,127.0.0.1' },
    'localhost,127.0.0.1,127.7.8.9,127.7.8.10',
  ],
  ['the name in small letters goes before', { ALL_PROXY: 'x', no_proxy: 'a', NO_PROXY: 'b' }, 'a,127.7.8.9,127.7.8.10'],
  ['hosts are all where nothing was excepted', { HTTP_PROXY: 'http://p:1' }, '127.7.8.9,127.7.8.10'],
  ['what excepts everything stays', { http_proxy: 'http://p:1', no_proxy: '*' }, undefined],
])('%s', (_what, environment, list) => {
  expect(pastProxies(environment, HOSTS)).toEqual(list === undefined ? {} : { no_proxy: list, NO_PROXY: list });
});
