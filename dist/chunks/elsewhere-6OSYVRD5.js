import"./chunk-WHD3IW6M.js";import{M as l,R as o,U as e,Z as r,na as c,oa as p,pa as d}from"./chunk-A7T5JTRR.js";import"./chunk-PHKIAKHS.js";var y=`
query Everywhere($owner: String!, $name: String!, $first: Int!) {
  repository(owner: $owner, name: $name) {
    deployments(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) {
      pageInfo { hasNextPage endCursor }
      nodes {
        environment createdAt state commitOid
        ref { name }
        commit { parents(first: 10) { nodes { oid } } }
        statuses(first: 10) { nodes { logUrl } }
      }
    }
  }
}`,g=e({repository:e({deployments:c(e({environment:o(r()),createdAt:p,state:o(r()),commitOid:r(),ref:o(e({name:r()})),commit:o(e({parents:e({nodes:l(e({oid:r()}))})})),statuses:e({nodes:l(e({logUrl:o(r())}))})}))})}),u=.5,E=new Set(["ACTIVE","INACTIVE","SUCCESS"]),D=({repo:s,once:n,until:a})=>n("deployments everywhere",()=>w(s,a));async function w(s,n){let{repository:a}=await s.graphql(y,{first:d},g,u),{nodes:v,pageInfo:f}=a.deployments,m=v.map(t=>({environment:t.environment??"",createdAt:new Date(t.createdAt),succeeded:E.has(t.state??""),sha:t.commitOid,parents:(t.commit?.parents.nodes??[]).map(i=>i.oid),ref:t.ref?.name??null,logUrl:t.statuses.nodes.find(i=>i.logUrl!==null)?.logUrl??null}));return{deployments:m.filter(({createdAt:t})=>t<=n),readTo:f.hasNextPage?m.at(-1)?.createdAt??n:new Date(0)}}export{D as newestEverywhere};
