// The one check that must work on every Node; no syntax newer than 2017 here.

/** One line that says what is wrong with this version of Node, or undefined. The same bound is "engines" in package.json. */
export function nodeProblem(version) {
  const parts = version.split('.').map(Number);
  if (parts[0] > 20 || (parts[0] === 20 && parts[1] >= 19)) return undefined;
  return 'Node 20.19 or newer is needed, and this is ' + version + '; install a newer one (nodejs.org), then start again';
}
