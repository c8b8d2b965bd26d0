/** Names as types: `late-arrivals` is `LateArrivals`. Of several that would be the same, the later ones have a number. */
export function typeName({name}: Named, among: readonly Named[]): string {
  const wanted = stemOf(name);
  const before = among.slice(
    0,
    among.findIndex(other => other.name === name),
  );
  const same = before.filter(other => stemOf(other.name) === wanted).length;
  return same === 0 ? wanted : `${wanted}_${same + 1}`;
}

type Named = {readonly name: string};

function stemOf(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter(part => part !== '');
  const stem = words.map(part => part[0]!.toUpperCase() + part.slice(1)).join('');
  return /^[A-Z]/.test(stem) ? stem : `N${stem}`;
}
