export { riverServer } from './server.ts';
