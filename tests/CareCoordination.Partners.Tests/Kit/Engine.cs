namespace CareCoordination.Partners.Tests.Kit;

/// <summary>Where a server keeps its data. What is main is tested on both.</summary>
public enum Engine
{
    Sqlite,
    PostgreSql,
}
