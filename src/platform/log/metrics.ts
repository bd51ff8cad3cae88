// Prometheus text metrics (exposition format 0.0.4): counters, gauges and histograms, by name and labels.

type Labels = Readonly<Record<string, string>>;
/** Counts below each bound and above the last, and the sum of what was observed. */
interface Histogram { readonly counts: number[]; sum: number }
interface Family { readonly kind: 'counter' | 'gauge' | 'histogram'; readonly help: string; readonly series: Map<string, number>; readonly histograms: Map<string, Histogram> }

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
    if (!found) families.set(name, found = { kind, help, series: new Map(), histograms: new Map() });
    return found;
  };
  return {
    count: (name, help, labels = {}, by = 1) => {
      const { series } = family(name, 'counter', help), key = name + text(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    gauge: (name, help, value, labels = {}) => { family(name, 'gauge', help).series.set(name + text(labels), value); },
    observe: (name, help, value, labels = {}) => {
      const { histograms } = family(name, 'histogram', help), key = text(labels);
      let found = histograms.get(key);
      if (!found) histograms.set(key, found = { counts: Array.from({ length: BUCKETS.length + 1 }, () => 0), sum: 0 });
      let bucket = 0;
      while (bucket < BUCKETS.length && value > BUCKETS[bucket]!) bucket += 1;
      found.counts[bucket]! += 1;
      found.sum += value;
    },
    render: () => [...families].map(([name, { kind, help, series, histograms }]) => {
      const lines = [...[...series].map(([key, value]) => `${key} ${value}\n`), ...[...histograms].flatMap(([labels, histogram]) => histogramLines(name, labels, histogram))];
      return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
    }).join(''),
  };
}

/** Cumulative buckets, sum and count, as the format wants them. */
function histogramLines(name: string, labels: string, { counts, sum }: Histogram): string[] {
  const withLe = (le: string): string => (labels === '' ? `{le="${le}"}` : `${labels.slice(0, -1)},le="${le}"}`);
  let below = 0;
  const buckets = [...BUCKETS.map(String), '+Inf'].map((le, index) => { below += counts[index]!; return `${name}_bucket${withLe(le)} ${below}\n`; });
  return [...buckets, `${name}_sum${labels} ${sum}\n`, `${name}_count${labels} ${below}\n`];
}

function text(labels: Labels): string {
  let pairs = '';
  for (const key in labels) pairs += `${pairs === '' ? '{' : ','}${key}="${labels[key]!.replace(/[\\"\n]/g, '_')}"`;
  return pairs === '' ? '' : `${pairs}}`;
}
