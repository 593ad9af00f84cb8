using SkyPortal.Web.Commands;

return await CommandLine.RunAsync(args);
