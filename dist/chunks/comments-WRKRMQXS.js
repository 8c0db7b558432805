import{f as o,g as r}from"./chunk-YSWE5RFH.js";import"./chunk-RFFMJNK4.js";import"./chunk-JIKWX3ND.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
