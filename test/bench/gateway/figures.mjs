// Small arithmetic the parts share.
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const round = (value, digits = 2) => (value === undefined ? 'n/a' : Number(value.toFixed(digits)));
/** The figure of a Prometheus text by name, with its labels as they stand there; undefined when there is none. */
export const metric = (text, name) => { const line = text.split('\n').find((one) => one.startsWith(`${name} `)); return line === undefined ? undefined : Number(line.slice(name.length + 1)); };
export const metricsOf = async ({ url }) => (await fetch(`${url}/metrics`)).text();
