import { createLogger } from '../../../src/platform/log/log.js';
import { createMetrics } from '../../../src/platform/log/metrics.js';

test('a log line is one JSON object, redacted, at or above the level', () => {
  const lines: string[] = [];
  const log = createLogger('gateway', 'info', (line) => lines.push(line));
  log.debug('quiet');
  log.warn('seen hfk_abcdefgh123456', { apiKey: 'k', error: new Error('postgres://u:p@h') });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'warn', role: 'gateway', message: 'seen [redacted]', apiKey: '[redacted]' });
  expect(lines[0]).not.toContain('u:p@');
});

test('metrics render in the Prometheus text format', () => {
  const metrics = createMetrics();
  metrics.count('holdfast_calls_total', 'Calls.', { status: 'completed' });
  metrics.count('holdfast_calls_total', 'Calls.', { status: 'completed' }, 2);
  metrics.gauge('holdfast_tree_size', 'Leaves.', 7);
  metrics.observe('holdfast_call_seconds', 'Duration.', 0.02);
  const text = metrics.render();
  expect(text).toContain('# TYPE holdfast_calls_total counter\nholdfast_calls_total{status="completed"} 3\n');
  expect(text).toContain('holdfast_tree_size 7\n');
  expect(text).toContain('holdfast_call_seconds_bucket{le="0.01"} 0\n');
  expect(text).toContain('holdfast_call_seconds_bucket{le="0.025"} 1\n');
  expect(text).toContain('holdfast_call_seconds_count 1\n');
});
