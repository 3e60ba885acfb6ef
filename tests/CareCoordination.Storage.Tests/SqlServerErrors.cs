using System.Reflection;
using Microsoft.Data.SqlClient;

namespace CareCoordination.Storage.Tests;

/// <summary>Exceptions as SqlClient makes them of what the server said. It makes none for others, so its own makers are called.</summary>
internal static class SqlServerErrors
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic;

    public static SqlException Of(params (int Number, byte Severity)[] errors)
    {
        var collection = (SqlErrorCollection)Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true)!;
        var add = typeof(SqlErrorCollection).GetMethod("Add", Hidden)!;
        foreach (var (number, severity) in errors)
            add.Invoke(collection, [Error(number, severity)]);
        var make = typeof(SqlException).GetMethod(
            "CreateException",
            Hidden,
            [typeof(SqlErrorCollection), typeof(string)]
        )!;
        return (SqlException)make.Invoke(null, [collection, "16.00.1000"])!;
    }

    private static SqlError Error(int number, byte severity)
    {
        var make = typeof(SqlError)
            .GetConstructors(Hidden)
            .First(c => c.GetParameters() is var p && p.Length == 9 && p[7].ParameterType == typeof(int));
        return (SqlError)make.Invoke([number, (byte)1, severity, "db", "said", "", 1, 0, null]);
    }
}
