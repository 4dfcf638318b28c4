// A reporter for node:test: how many tests passed and failed, and which were skipped for what reason, as JSON.
export default async function* tally(events) {
  const counts = { passed: 0, failed: 0, skipped: [] };
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const isSuite = data.details?.type === 'suite';
    if (data.skip !== undefined) counts.skipped.push({ name: data.name, reason: String(data.skip) });
    else if (isSuite) continue;
    else if (type === 'test:pass') counts.passed++;
    else counts.failed++;
  }
  yield JSON.stringify(counts);
}
