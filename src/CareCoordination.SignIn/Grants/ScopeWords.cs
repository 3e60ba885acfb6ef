using System.Text;
using CareCoordination.Access.Scopes;

namespace CareCoordination.SignIn.Grants;

/// <summary>What a scope means, for the person who is asked to grant it.</summary>
internal static class ScopeWords
{
    /// <summary>As <c>See and search observations of the patient you choose</c>.</summary>
    public static string Of(string scope) =>
        scope switch
        {
            "openid" => "Know who you are by an identifier",
            "profile" => "Know your name",
            "fhirUser" => "Know which person in this system you are",
            ScopeGrant.Launch => "Know which patient and visit are open where you came from",
            "launch/patient" => "Know which patient you choose",
            "offline_access" => "Stay connected when you have left, until you or the operator end it",
            _ => ScopeSet.Parse(scope).Resources is [var resource] ? Of(resource) : scope,
        };

    private static string Of(SmartScope scope)
    {
        var what = scope.ResourceType == "*" ? "everything" : $"records of the kind {Words(scope.ResourceType)}";
        var whose =
            scope.Context == ScopeContext.Patient ? "of the patient you choose" : "that you may work with yourself";
        var only =
            scope.Query.Length == 0
                ? ""
                : $", only where {scope.Query.Replace("&", " and ", StringComparison.Ordinal)}";
        return $"{Verbs(scope.Rights)} {what} {whose}{only}";
    }

    private static string Verbs(ScopeRights rights)
    {
        string[] verbs =
        [
            .. Verb(ScopeRights.Read, "see"),
            .. Verb(ScopeRights.Search, "search"),
            .. Verb(ScopeRights.Create, "add"),
            .. Verb(ScopeRights.Update, "change"),
            .. Verb(ScopeRights.Delete, "delete"),
        ];
        var text = verbs.Length == 1 ? verbs[0] : $"{string.Join(", ", verbs[..^1])} and {verbs[^1]}";
        return char.ToUpperInvariant(text[0]) + text[1..];
        string[] Verb(ScopeRights right, string verb) => rights.HasFlag(right) ? [verb] : [];
    }

    /// <summary><c>CarePlan</c> as <c>care plan</c>.</summary>
    private static string Words(string type)
    {
        var text = new StringBuilder();
        foreach (var letter in type)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append(' ');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
