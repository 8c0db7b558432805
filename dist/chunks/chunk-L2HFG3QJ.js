var e=[["STAGING",/stag|\bpre-?prod|\buat\b/i],["TESTING",/test|\bqa\b/i],["DEVELOPMENT",/\bdev/i]],b=t=>e.find(([,s])=>s.test(t))?.[0]??"PRODUCTION";export{b as a};
