import{f as o,g as r}from"./chunk-XQN7NYSE.js";import"./chunk-MSW4O4PI.js";import"./chunk-G7AKC6K5.js";import"./chunk-EMBIDUMY.js";export{r as addressIn,o as keepComments};
