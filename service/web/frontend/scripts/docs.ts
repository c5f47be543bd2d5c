import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

const node = document.getElementById("swagger-ui");
if (node) {
  SwaggerUI({
    domNode: node,
    url: node.dataset["openapi"],
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    persistAuthorization: true,
    // No badge of a validator on another host.
    validatorUrl: null,
  });
}
