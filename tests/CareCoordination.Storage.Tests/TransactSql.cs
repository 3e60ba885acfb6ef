using CareCoordination.Storage.Engines;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace CareCoordination.Storage.Tests;

/// <summary>Microsoft's own parser, with the grammar of SQL Server 2022.</summary>
internal static class TransactSql
{
    public static readonly SqlServerDialect Dialect = new();

    public static void AssertParses(Sql sql)
    {
        AssertParses(sql.Text);
        Assert.True(sql.Values.Count <= Dialect.MaxParameters);
    }

    public static void AssertParses(string text)
    {
        var errors = Errors(text);
        Assert.True(errors.Length == 0, $"{string.Join(' ', errors)}\n{text}");
    }

    public static string[] Errors(string text)
    {
        new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(text), out var errors);
        return [.. errors.Select(e => $"{e.Line}:{e.Column} {e.Message}")];
    }
}
