namespace CareCoordination.SignIn.Pages;

/// <summary>How the pages look. A file of this server's own, so that their policy allows no style from anywhere else.</summary>
internal static class SignInStyle
{
    public const string Path = "/signin/style.css";

    public static IResult Answer(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return Results.Text(Text, "text/css");
    }

    private const string Text = """
        body { font: 1.1rem/1.5 system-ui, sans-serif; color: #1b2430; background: #eef2f5; margin: 0; }
        main { max-width: 32rem; margin: 3rem auto; padding: 1.5rem 2rem 2rem; background: #fff; border-radius: .5rem; }
        h1 { font-size: 1.5rem; margin: 0 0 1rem; }
        label { display: block; margin: 1rem 0 .25rem; }
        label.choice { margin: .5rem 0; }
        input:not([type=checkbox]):not([type=radio]) { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #667; border-radius: .25rem; }
        fieldset { border: 1px solid #ccd; border-radius: .25rem; }
        button { font: inherit; margin-top: 1.25rem; padding: .5rem 1.25rem; border: 1px solid #0b5a7a; border-radius: .25rem; background: #0b5a7a; color: #fff; }
        button.second { background: #fff; color: #0b5a7a; }
        .problem { border-left: .25rem solid #a11; padding-left: .75rem; }
        .note { display: block; color: #556; font-size: .9rem; }
        code { word-break: break-all; }
        """;
}
