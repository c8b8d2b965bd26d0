/** Grey stand-ins of the final sizes, so that nothing jumps. */

export function Bone({height, width = '100%'}: {height: number; width?: number | string}) {
  return <div className="bone" style={{height, width, maxWidth: '100%'}} />;
}

export function PageSkeleton({title}: {title: string}) {
  return (
    <div aria-busy="true">
      <header className="page-head">
        <h1>{title}</h1>
        <div style={{marginTop: 8}}>
          <Bone height={18} width={520} />
        </div>
      </header>
      <Bone height={114} />
      <div style={{marginTop: 32}}>
        <Bone height={260} />
      </div>
      <div style={{marginTop: 32}}>
        <Bone height={220} />
      </div>
      <span className="hidden" role="status">
        Loading
      </span>
    </div>
  );
}
