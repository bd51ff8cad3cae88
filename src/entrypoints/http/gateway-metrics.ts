// What the gateway says about itself on /metrics, beside the counters its calls leave behind.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { OpenGateway } from '../../domain/gateway/index.js';
import type { Metrics } from '../../platform/log/metrics.js';

export interface GatewayMetrics {
  /** The exposition text, with gauges as of now. */
  render(gateway: OpenGateway): string;
  stop(): void;
}

/** How often the loop is looked at, ms. Node counts it into every delay: an idle loop shows this much and no less. */
const LOOK_MS = 10;

export function createGatewayMetrics(metrics: Metrics): GatewayMetrics {
  const lag = monitorEventLoopDelay({ resolution: LOOK_MS });
  lag.enable();
  return {
    render: (gateway) => {
      metrics.gauge('holdfast_open_calls', 'Calls being carried', gateway.openCalls);
      metrics.gauge('holdfast_recorder_depth', 'Records waiting or in flight', gateway.recordsWaiting);
      metrics.gauge('holdfast_registry_version', 'Registry version in force in this process', Number(gateway.registryVersion));
      metrics.gauge('holdfast_circuits_open', 'Routes that keep failing and stand behind the others', gateway.openCircuits);
      metrics.gauge('holdfast_spooled_writes', 'Writes that wait in the journal for PostgreSQL', gateway.spooledWrites);
      metrics.gauge('holdfast_limits_degraded', '1 while budgets and quotas are counted by this process alone because Redis is away', gateway.limitsDegraded ? 1 : 0);
      metrics.gauge('holdfast_gateway_ready', '1 when calls are carried, 0 when they are refused', gateway.ready().ready ? 1 : 0);
      for (const percentile of [50, 99]) metrics.gauge('holdfast_event_loop_lag_seconds', 'Event loop lag since the last scrape', Math.max(0, lag.percentile(percentile) / 1e9 - LOOK_MS / 1_000), { quantile: String(percentile / 100) });
      metrics.gauge('process_resident_memory_bytes', 'Resident memory', process.memoryUsage.rss());
      lag.reset();
      return metrics.render();
    },
    stop: () => { lag.disable(); },
  };
}
