namespace CareCoordination.Storage.Rows;

/// <summary>Text as all engines can hold it: PostgreSQL has no U+0000. Rows and searches replace it alike.</summary>
internal static class DbText
{
    public static string Of(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\uFFFD') : text;
}
