namespace SkyPortal.Web.Components;

/// <summary>Choices about the frame that a browser keeps for itself, so that the first paint is right.</summary>
public static class FrameCookies
{
    /// <summary>light, dark or system.</summary>
    public static string Theme(HttpContext context) => context.Request.Cookies["skyportal-theme"] is "light" or "dark" ? context.Request.Cookies["skyportal-theme"]! : "system";

    /// <summary>wide or narrow.</summary>
    public static string Rail(HttpContext context) => context.Request.Cookies["skyportal-rail"] is "narrow" ? "narrow" : "wide";
}
