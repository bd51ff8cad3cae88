// Prometheus text metrics (exposition format 0.0.4): counters, gauges and histograms, by name and labels.

type Labels = Readonly<Record<string, string>>;
interface Family { readonly kind: 'counter' | 'gauge' | 'histogram'; readonly help: string; readonly series: Map<string, number>; readonly buckets?: readonly number[] }

export interface Metrics {
  /** Adds to a counter; the help text is kept from the first use. */
  count(name: string, help: string, labels?: Labels, by?: number): void;
  gauge(name: string, help: string, value: number, labels?: Labels): void;
  /** Observes a value (seconds) in a histogram with the default buckets. */
  observe(name: string, help: string, value: number, labels?: Labels): void;
  /** The exposition text. */
  render(): string;
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of metrics for one process. Label values must come from small closed sets. */
export function createMetrics(): Metrics {
  const families = new Map<string, Family>();
  const family = (name: string, kind: Family['kind'], help: string): Family => {
    let found = families.get(name);
    if (!found) families.set(name, found = kind === 'histogram' ? { kind, help, series: new Map(), buckets: BUCKETS } : { kind, help, series: new Map() });
    return found;
  };
  const add = (series: Map<string, number>, key: string, by: number): void => { series.set(key, (series.get(key) ?? 0) + by); };
  return {
    count: (name, help, labels = {}, by = 1) => add(family(name, 'counter', help).series, name + text(labels), by),
    gauge: (name, help, value, labels = {}) => { family(name, 'gauge', help).series.set(name + text(labels), value); },
    observe: (name, help, value, labels = {}) => {
      const { series } = family(name, 'histogram', help);
      for (const le of BUCKETS) add(series, `${name}_bucket${text({ ...labels, le: String(le) })}`, value <= le ? 1 : 0);
      add(series, `${name}_bucket${text({ ...labels, le: '+Inf' })}`, 1);
      add(series, `${name}_sum${text(labels)}`, value);
      add(series, `${name}_count${text(labels)}`, 1);
    },
    render: () => [...families].map(([name, { kind, help, series }]) =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${[...series].map(([key, value]) => `${key} ${value}\n`).join('')}`).join(''),
  };
}

function text(labels: Labels): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${value.replace(/[\\"\n]/g, '_')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
