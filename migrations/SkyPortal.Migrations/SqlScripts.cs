using Microsoft.EntityFrameworkCore.Migrations;

namespace SkyPortal.Migrations;

/// <summary>Runs the numbered SQL files that lie beside the migrations.</summary>
public static class SqlScripts
{
    /// <summary>Runs one file, named without its folder.</summary>
    public static void RunScript(this MigrationBuilder migrationBuilder, string fileName)
    {
        var assembly = typeof(SqlScripts).Assembly;
        using var stream = assembly.GetManifestResourceStream($"SkyPortal.Migrations.Sql.{fileName}")
            ?? throw new InvalidOperationException($"There is no script {fileName}.");
        using var reader = new StreamReader(stream);
        migrationBuilder.Sql(reader.ReadToEnd());
    }
}
