/** Ms that this process has computed, all its threads together: on a machine that others use too these are less than have passed. */
export function computedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
