import{G as r,J as n,K as b,L as $,P as l,b as u,da as g,ea as p,ia as v,la as D}from"./chunk-SE5M6VVC.js";var d=t=>/^[0-9a-f]{7,40}$/.test(t),j=n({__typename:$(["Tree","Blob","Tag"])}),O=r(l([p,j])),x=r(n({target:r(l([p,n({...j.entries,target:b(O)})]))})),c=`__typename ... on Commit { ${g} }`;async function P(t,i){let f=new Map;return await D([...new Set(i)],v,async(a,w)=>{let C=a.map((o,e)=>d(o)?`commit${e}: object(expression: $name${e}) { ${c} }`:`commit${e}: ref(qualifiedName: $name${e}) { target { ${c} ... on Tag { target { ${c} } } } }`),{repository:h}=await t.graphql(`
query Deployed($owner: String!, $name: String!, ${a.map((o,e)=>`$name${e}: String!`).join(", ")}) {
  repository(owner: $owner, name: $name) {
    ${C.join(`
    `)}
  }
}`,Object.fromEntries(a.map((o,e)=>[`name${e}`,d(o)?o:`refs/tags/${o}`])),n({repository:n(Object.fromEntries(a.map((o,e)=>[`commit${e}`,d(o)?O:x])))}),w);a.forEach((o,e)=>{let m=h[`commit${e}`];for(let s of[m,y(m),y(y(m))])s!==null&&"oid"in s&&f.set(o,s)})}),f}var y=t=>t!==null&&"target"in t?t.target:null;var _=t=>u([new Date(0),...t.map(i=>i.createdAt)]);export{d as a,P as b,_ as c};
